/** What becomes of a connection. */
import { matchRoute, selectChain, type ConnectionFacts } from "../match.ts";
import type { Cluster, FilterChain, Listener, Route, RouteTable } from "../table.ts";

/** A destination's share of the connections that a route takes. */
export interface Share {
  readonly cluster: Cluster;
  /** Relative to the others of the same outcome. */
  readonly weight: number;
}

export interface Outcome {
  /** Undefined: the connection is refused. */
  readonly taken: { readonly chain: FilterChain; readonly route: Route } | undefined;
  /** One for each place that connections go to. */
  readonly shares: readonly Share[];
  /** The same for outcomes that send connections to the same places in the same ratio; empty where they are refused. */
  readonly where: string;
  /** The same for outcomes that differ in nothing. */
  readonly key: string;
}

/** What becomes of a connection to a listener. */
export function outcomeOf(
  { clusters }: RouteTable,
  listener: Listener | undefined,
  connection: ConnectionFacts,
): Outcome {
  const chain = listener === undefined ? undefined : selectChain(listener, connection.serverName);
  const route = chain === undefined ? undefined : matchRoute(chain, connection);
  if (chain === undefined || route === undefined) return { taken: undefined, shares: [], where: "", key: "" };
  const byTarget = new Map<string, Share>();
  for (const { cluster: name, weight } of route.destinations) {
    const cluster = clusters.get(name);
    if (cluster === undefined) continue;
    const target = targetOf(cluster);
    byTarget.set(target, { cluster, weight: weight + (byTarget.get(target)?.weight ?? 0) });
  }
  const divisor = [...byTarget.values()].reduce((common, { weight }) => greatestCommonDivisor(common, weight), 0);
  const ratio = [...byTarget].map(([target, { weight }]) => [target, weight / divisor] as const).sort();
  const where = JSON.stringify(ratio);
  return {
    taken: { chain, route },
    shares: [...byTarget.values()],
    where,
    key: `${where} ${chain.protocol} ${JSON.stringify(chain.tls)}`,
  };
}

/** The same for clusters with the same endpoints, whatever the subset is called. */
export function targetOf({ host, port, subsetLabels, source }: Cluster): string {
  return JSON.stringify([host, port, Object.entries(subsetLabels).sort(), source]);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
