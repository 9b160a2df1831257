import { compareMessages, type Message } from "../message.ts";
import type { Objects } from "../objects.ts";
import type { Analyzer } from "./analyzer.ts";
import { certificateVerification } from "./certificate-verification.ts";
import { clientAddresses } from "./client-addresses.ts";
import { conflictingGateways } from "./conflicting-gateways.ts";
import { destinationHosts } from "./destination-hosts.ts";
import { destinationRuleHosts } from "./destination-rule-hosts.ts";
import { destinationSubsets } from "./destination-subsets.ts";
import { gatewayCredentials } from "./gateway-credentials.ts";
import { gatewayHosts } from "./gateway-hosts.ts";
import { gatewayReferences } from "./gateway-references.ts";
import { gatewaySelectors } from "./gateway-selectors.ts";
import { internalGateways } from "./internal-gateways.ts";
import { listenersWithoutRoute } from "./listeners-without-route.ts";
import { loadBalancerPorts } from "./load-balancer-ports.ts";
import { localhostListeners } from "./localhost-listeners.ts";
import { matchPorts } from "./match-ports.ts";
import { missingProxies } from "./missing-proxies.ts";
import { namespaceInjection } from "./namespace-injection.ts";
import { portNames } from "./port-names.ts";
import { reservedPorts } from "./reserved-ports.ts";
import { schemaWarnings } from "./schema-warnings.ts";
import { servicePorts } from "./service-ports.ts";
import { shadowedRoutes } from "./shadowed-routes.ts";
import { sharedDeployments } from "./shared-deployments.ts";
import { strictDestinations } from "./strict-destinations.ts";
import { subsetPods } from "./subset-pods.ts";
import { unenforceableMatches } from "./unenforceable-matches.ts";
import { unreachableRules } from "./unreachable-rules.ts";
import { unreadySubsets } from "./unready-subsets.ts";
import { unusedDestinations } from "./unused-destinations.ts";
import { weights } from "./weights.ts";
import type { AnalyzeOptions } from "./options.ts";
import { isThere, reportSkipped, reportUnread, unreadKinds } from "./skipped.ts";

const analyzers: readonly Analyzer[] = [
  certificateVerification,
  clientAddresses,
  conflictingGateways,
  destinationHosts,
  destinationRuleHosts,
  destinationSubsets,
  gatewayCredentials,
  gatewayHosts,
  gatewayReferences,
  gatewaySelectors,
  internalGateways,
  listenersWithoutRoute,
  loadBalancerPorts,
  localhostListeners,
  matchPorts,
  missingProxies,
  namespaceInjection,
  portNames,
  reservedPorts,
  schemaWarnings,
  servicePorts,
  shadowedRoutes,
  sharedDeployments,
  strictDestinations,
  subsetPods,
  unenforceableMatches,
  unreachableRules,
  unreadySubsets,
  unusedDestinations,
  weights,
];

/**
 * Says all that is wrong with a set of objects, the worst first. A check that needs kinds of which there is no object at all is skipped, and one Info says so,
 * unless the objects are the whole cluster. Wrong fields are not its affair: parsing reports them (IST0106).
 */
export function analyze(objects: Objects, options: AnalyzeOptions = {}): Message[] {
  const { complete = false, unread = [] } = options;
  const blind = analyzers.filter((analyzer) => unreadKinds(analyzer, unread).length > 0);
  const lacking = complete ? [] : analyzers.filter((analyzer) => !hasKinds(objects, analyzer));
  const skipped = new Set([...blind, ...lacking]);
  const concerned = (list: readonly Analyzer[]) => list.filter((analyzer) => analyzer.concerns(objects));
  return [
    ...analyzers.filter((analyzer) => !skipped.has(analyzer)).flatMap((analyzer) => [...analyzer.check(objects)]),
    ...reportSkipped(objects, concerned(lacking)),
    ...reportUnread(concerned(blind), unread),
  ].sort(compareMessages);
}

function hasKinds(objects: Objects, { needs }: Analyzer): boolean {
  return needs.every((alternatives) => isThere(objects, alternatives));
}
