import { compareMessages, type Message } from "../message.ts";
import type { Objects } from "../objects.ts";
import type { Analyzer } from "./analyzer.ts";
import { conflictingGateways } from "./conflicting-gateways.ts";
import { destinationHosts } from "./destination-hosts.ts";
import { destinationSubsets } from "./destination-subsets.ts";
import { gatewayReferences } from "./gateway-references.ts";
import { gatewaySelectors } from "./gateway-selectors.ts";
import { listenersWithoutRoute } from "./listeners-without-route.ts";
import { matchPorts } from "./match-ports.ts";
import type { AnalyzeOptions } from "./options.ts";
import { reportSkipped } from "./skipped.ts";
import { weights } from "./weights.ts";

const analyzers: readonly Analyzer[] = [
  gatewayReferences,
  gatewaySelectors,
  conflictingGateways,
  destinationHosts,
  destinationSubsets,
  listenersWithoutRoute,
  matchPorts,
  weights,
];

/**
 * Says all that is wrong with a set of objects, the worst first. A check that needs kinds of which there is no object at all is skipped, and one Info says so,
 * unless the objects are the whole cluster. Wrong fields are not its affair: parsing reports them (IST0106).
 */
export function analyze(objects: Objects, options: AnalyzeOptions = {}): Message[] {
  const applicable = analyzers.filter((analyzer) => options.complete === true || hasKinds(objects, analyzer));
  const skipped = analyzers.filter((analyzer) => !applicable.includes(analyzer) && concerns(objects, analyzer));
  return [...applicable.flatMap((analyzer) => [...analyzer.check(objects)]), ...reportSkipped(skipped)].sort(
    compareMessages,
  );
}

function hasKinds(objects: Objects, { needs }: Analyzer): boolean {
  return needs.every((alternatives) => alternatives.some((kind) => objects.all(kind).length > 0));
}

function concerns(objects: Objects, { about }: Analyzer): boolean {
  return about.some((kind) => objects.all(kind).length > 0);
}
