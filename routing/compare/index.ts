/** What a change of declarations means to those who connect: compares what two sets of objects compile to, and says nothing where only the spelling differs. */
import { compile } from "../compile/index.ts";
import { withDerived } from "../gateway-api/derivation.ts";
import type { Objects } from "../objects.ts";
import { formatSelector } from "../selector.ts";
import type { Workload } from "../workload.ts";
import { compareTables, listenerKeys, type TableChange } from "./tables.ts";
import { workloadsOf } from "./workloads.ts";

/** One thing that changes in meaning. */
export interface Change {
  /** What changes: a port (`5432`, `10.0.0.1:5432`), or a destination's limits and times (`tcp-echo.default:3333 v1`). */
  readonly subject: string;
  /** How, and what becomes of open connections: `v1 100 → v1 95, v2 5; open connections stay`. */
  readonly text: string;
}

/**
 * What will be different for connections once the second set of objects is in force instead of the first. Ports come first, by number; then destinations.
 *
 * Routes are compared by what becomes of connections, not by the letter: the order of objects, the spelling of hosts and subnets, names of subsets and weights of the same
 * ratio make no difference. Both sets have to hold what destinations lead to (Services, ServiceEntries), as a route to nowhere is no route.
 */
export function compareObjects(before: Objects, after: Objects): Change[] {
  const compared = workloadsOf(withDerived(before), withDerived(after)).map((workload): Compared => {
    const [old, now] = [compile(before, workload).table, compile(after, workload).table];
    return { workload, listeners: new Set([old, now].flatMap(listenerKeys)), changes: compareTables(old, now) };
  });
  const changes = compared.flatMap(({ workload, changes }) => changes.map((change) => ({ ...change, workload })));
  return [...Map.groupBy(changes, ({ subject, text }) => `${subject}: ${text}`).values()]
    .flatMap((same) => (isSaidOfAll(same, compared) ? same.slice(0, 1) : same.map(withWorkload)))
    .sort((a, b) => a.order - b.order)
    .map(({ subject, text }) => ({ subject, text }));
}

interface Compared {
  readonly workload: Workload;
  readonly listeners: ReadonlySet<string>;
  readonly changes: readonly TableChange[];
}

/** Pods are told apart only where one port means another thing on each. */
function isSaidOfAll(same: readonly TableChange[], compared: readonly Compared[]): boolean {
  const listener = same[0]?.listener;
  return listener === undefined || same.length === compared.filter(({ listeners }) => listeners.has(listener)).length;
}

function withWorkload<C extends TableChange & { readonly workload: Workload }>(change: C): C {
  return { ...change, subject: `${change.subject} (${formatSelector(change.workload.labels)})` };
}

/** As it is shown: `5432: v1 100 → v1 95, v2 5; open connections stay`. */
export function formatChange({ subject, text }: Change): string {
  return `${subject}: ${text}`;
}
