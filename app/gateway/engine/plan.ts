import { matchRoute, selectChain } from "../../../routing/match.ts";
import type { Cluster, FilterChain, Listener, Route, Snapshot } from "../../../routing/table.ts";
import { pickEndpoint, type Candidate, type Chooser } from "./balance.ts";
import type { Gauge, Ledger } from "./ledger.ts";
import type { ClientFacts, Reason } from "./record.ts";

/** A cluster with its endpoints, ready to be picked from. */
export interface Upstream {
  readonly cluster: Cluster;
  /** Open connections of the cluster, all endpoints together. */
  readonly gauge: Gauge;
  /** Endpoints that take new connections: the ready ones, or where there is none those that are terminating but still serve. */
  readonly candidates: readonly Candidate[];
  readonly chooser: Chooser;
}

/** What is to become of a connection. */
export type Decision = {
  /** undefined: the listener has none for the server name. */
  readonly chain: FilterChain | undefined;
  /** undefined: none matched. */
  readonly route: Route | undefined;
} & (
  | { readonly reason: undefined; readonly upstream: Upstream }
  /** It is refused. */
  | { readonly reason: Reason; readonly detail: string; readonly upstream: Upstream | undefined }
);

/** A snapshot made ready for deciding on connections quickly. */
export interface Plan {
  readonly version: number;
  decide(listener: Listener, client: Readonly<ClientFacts>): Decision;
}

export interface PlanOptions {
  readonly ledger: Ledger;
  /** From 0 up to but without 1. */
  readonly random: () => number;
}

/** Names of the ledger's counts. */
export const gaugeName = (cluster: string, endpoint?: { readonly address: string; readonly port: number }): string =>
  endpoint === undefined ? cluster : `${cluster} ${endpoint.address} ${endpoint.port}`;

/** The ledger keeps what the new plan shares with the one before: counts, and the positions of weights that stay the same. */
export function createPlan({ version, table, endpoints }: Snapshot, { ledger, random }: PlanOptions): Plan {
  const names = new Set<string>();
  const named = (name: string): string => {
    names.add(name);
    return name;
  };

  const upstreams = new Map<string, Upstream>();
  for (const cluster of table.clusters.values()) {
    const all = (endpoints.get(cluster.name) ?? []).map((endpoint): Candidate => ({
      endpoint,
      gauge: ledger.gauge(named(gaugeName(cluster.name, endpoint))),
    }));
    const ready = all.filter(({ endpoint }) => !endpoint.terminating);
    const candidates = ready.length > 0 ? ready : all;
    upstreams.set(cluster.name, {
      cluster,
      gauge: ledger.gauge(named(gaugeName(cluster.name))),
      candidates,
      chooser: {
        policy: cluster.trafficPolicy.loadBalancer,
        rotation: ledger.rotation(
          named(`endpoints of ${cluster.name}`),
          candidates.map(() => 1),
        ),
        random,
      },
    });
  }

  const turns = new Map<Route, () => Upstream | undefined>();
  for (const listener of table.listeners) {
    for (const chain of listener.chains) {
      for (const route of chain.routes) {
        const { virtualService, rule, destinations } = route;
        const targets = destinations.map(({ cluster }) => upstreams.get(cluster));
        const rotation = ledger.rotation(
          named(
            `weights of ${listener.port} ${chain.server} ${virtualService.namespace}/${virtualService.name} ${rule}`,
          ),
          destinations.map(({ weight }) => weight),
        );
        turns.set(route, () => targets[rotation.next()]);
      }
    }
  }
  ledger.retain(names);

  return {
    version,
    decide(listener, { downstream: { address: sourceAddress }, local: { address: destinationAddress }, serverName }) {
      const chain = selectChain(listener, serverName);
      const route = chain && matchRoute(chain, { sourceAddress, destinationAddress, serverName });
      if (route === undefined) {
        const detail = `No route of port ${listener.port} matches source ${sourceAddress}, destination ${destinationAddress} and ${serverName === undefined ? "no server name" : `server name ${serverName}`}`;
        return { chain, route, upstream: undefined, reason: "no_route", detail };
      }
      const upstream = turns.get(route)?.();
      if (upstream === undefined || upstream.candidates.length === 0) {
        const name = upstream?.cluster.name ?? route.destinations[0].cluster;
        return { chain, route, upstream, reason: "no_healthy_upstream", detail: `Cluster ${name} has no endpoint` };
      }
      return { chain, route, upstream, reason: undefined };
    },
  };
}

/**
 * Picks an endpoint that was not tried yet.
 *
 * @returns undefined when all were tried
 */
export function pickUntried(upstream: Upstream, tried: readonly Candidate[], client: string): Candidate | undefined {
  const [first, ...others] =
    tried.length === 0 ? upstream.candidates : upstream.candidates.filter((candidate) => !tried.includes(candidate));
  return first === undefined ? undefined : pickEndpoint([first, ...others], upstream.chooser, client);
}
