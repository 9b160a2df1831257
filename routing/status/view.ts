/** Look-ups that the status of every object needs, made once for each state of things. */
import { mayOpen } from "../compile/admission.ts";
import { mergeServers, selectGateways, type BoundServer } from "../compile/servers.ts";
import type { Message } from "../message.ts";
import type { AnyObject, Gateway, Objects } from "../objects.ts";
import { referenceTo } from "../resolve/about.ts";
import { formatSelector, selects } from "../selector.ts";
import type { FilterChain, Listener, ObjectReference, Route, RouteTable, ServerTls, Snapshot } from "../table.ts";
import type { Workload } from "../workload.ts";

/** Whether a listener could be opened. */
export interface ListenerState {
  readonly listener: Pick<Listener, "bindPort" | "bind">;
  /** As the engine has it; see `app/gateway/engine/engine.ts`. */
  readonly state: "open" | "opening" | "failed";
  /** Why it isn't open. */
  readonly error?: string;
}

/** Why a certificate or key cannot be used. */
export interface CredentialFault {
  /** Names the Secret or file. */
  readonly message: string;
  /** A form of it from before, which was good, serves on. */
  readonly replaced: boolean;
}

/** A declared object, in its newest form and in the one that counts. */
export interface DeclaredState {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** `metadata.generation` of the newest form. */
  readonly generation: number | undefined;
  /** undefined: it does not fit its schema. */
  readonly newest: AnyObject | undefined;
  /** undefined: none. */
  readonly inForce: AnyObject | undefined;
}

/** All that the status of objects depends on. */
export interface StatusInput {
  readonly declared: readonly DeclaredState[];
  /** The forms that count, of all kinds. */
  readonly objects: Objects;
  readonly workload: Workload;
  readonly snapshot: Pick<Snapshot, "table" | "endpoints">;
  readonly listeners: readonly ListenerState[];
  /** What is wrong with the certificates and keys that ending TLS needs; undefined: not all of them were looked for, as none is that has no route. */
  readonly credentialFaults: (tls: ServerTls) => readonly CredentialFault[] | undefined;
  /** What parsing, analysis and compiling said. */
  readonly messages: readonly Message[];
  /** Namespaces that are watched; empty: all. */
  readonly namespaces: readonly string[];
  /** A real Istio may serve objects too: only what this gateway alone serves gets a status. */
  readonly separate: boolean;
}

/** A route of the table, and where it is. */
export interface PlacedRoute extends PlacedChain {
  readonly route: Route;
}

/** What became of a server: its place is bound, an older one holds it (for some of its hosts at least), or claims leave it to others. */
export type ServerOutcome =
  | { readonly kind: "bound"; readonly bound: BoundServer }
  | { readonly kind: "lost"; readonly bound: BoundServer; readonly holder: BoundServer }
  | { readonly kind: "refused"; readonly bound: BoundServer };

export interface StatusView extends Omit<StatusInput, "messages" | "listeners"> {
  /** By `NAMESPACE/NAME` of the Gateway: its servers, in their order. A Gateway that the workload does not serve is not there. */
  readonly servers: ReadonlyMap<string, readonly ServerOutcome[]>;
  /** By `NAMESPACE/NAME` of the VirtualService, then by rule (`tcp[0].match[1]`). */
  readonly routes: ReadonlyMap<string, ReadonlyMap<string, readonly PlacedRoute[]>>;
  /** By `Kind NAMESPACE/NAME`. */
  readonly messages: ReadonlyMap<string, readonly Message[]>;
  /** What a server of a Gateway has in its listener, one or (where two have one name) more; none: it has no route. */
  chainsOf(bound: BoundServer): readonly PlacedChain[];
  stateOf(listener: Listener): ListenerState;
  /** Whether a cluster has anybody to send connections to, if only one that terminates. */
  hasEndpoints(cluster: string): boolean;
  /** Ready endpoints of some clusters; one that is in several counts once. */
  countReady(clusters: Iterable<string>): number;
  /** Whether no other controller may serve what is bound to a Gateway that this workload serves. */
  isOurs(gateway: Gateway): boolean;
  isWatched(namespace: string): boolean;
}

export interface PlacedChain {
  readonly chain: FilterChain;
  readonly listener: Listener;
}

export function createView(input: StatusInput): StatusView {
  const { objects, workload, snapshot, listeners, messages, namespaces, separate } = input;
  const states = new Map(listeners.map((state) => [addressOf(state.listener), state]));
  const foreign = foreignSelectors(objects);
  const chains = placeChains(snapshot.table);
  return {
    ...input,
    servers: serverOutcomes(objects, workload),
    routes: placeRoutes(snapshot.table),
    messages: Map.groupBy(messages, ({ resource }) => resource),
    chainsOf: (bound) =>
      chains.get(chainKey(bound, bound.server.bind, referenceTo(bound.gateway), bound.server.port.name)) ?? [],
    stateOf: (listener) => states.get(addressOf(listener)) ?? { listener, state: "opening" },
    hasEndpoints: (cluster) => (snapshot.endpoints.get(cluster) ?? []).length > 0,
    countReady(clusters) {
      const ready = [...new Set(clusters)].flatMap((cluster) =>
        (snapshot.endpoints.get(cluster) ?? []).filter(({ terminating }) => !terminating),
      );
      return new Set(ready.map(({ address, port }) => `${address} ${port}`)).size;
    },
    isOurs: ({ spec }) => !separate || !foreign(spec.selector),
    isWatched: (namespace) => namespaces.length === 0 || namespaces.includes(namespace),
  };
}

/** Whether a selector takes pods that are no gateways of this kind; asked once for each selector, as many Gateways have the same. */
function foreignSelectors(objects: Objects): (selector: Gateway["spec"]["selector"]) => boolean {
  const known = new Map<string, boolean>();
  return (selector) => {
    const key = formatSelector(selector);
    let foreign = known.get(key);
    if (foreign === undefined) {
      foreign = objects.pods.some(
        ({ metadata: { labels } }) => labels["app.kubernetes.io/name"] !== "tcp-ingress" && selects(selector, labels),
      );
      known.set(key, foreign);
    }
    return foreign;
  };
}

function serverOutcomes(objects: Objects, workload: Workload): Map<string, ServerOutcome[]> {
  const { bindings, conflicts, refused } = mergeServers(
    selectGateways(objects, workload),
    workload.service,
    (bound) => !mayOpen(objects, workload, bound),
  );
  const outcomes = [
    ...bindings.flat().map((bound): ServerOutcome => ({ kind: "bound", bound })),
    ...conflicts.map(({ loser, holder }): ServerOutcome => ({ kind: "lost", bound: loser, holder })),
    ...refused.map((bound): ServerOutcome => ({ kind: "refused", bound })),
  ];
  const byGateway = Map.groupBy(outcomes, ({ bound }) => keyOf(bound.gateway.metadata));
  for (const list of byGateway.values()) list.sort((a, b) => a.bound.index - b.bound.index);
  return byGateway;
}

function placeRoutes({ listeners }: RouteTable): Map<string, Map<string, PlacedRoute[]>> {
  const routes = new Map<string, Map<string, PlacedRoute[]>>();
  for (const listener of listeners) {
    const placedRoutes = listener.chains.flatMap((chain) => chain.routes.map((route) => ({ route, chain, listener })));
    for (const placedRoute of placedRoutes) {
      const { route } = placedRoute;
      if (route.virtualService.kind !== "VirtualService") continue;
      const key = keyOf(route.virtualService);
      const rules = routes.get(key) ?? new Map<string, PlacedRoute[]>();
      routes.set(key, rules);
      const placed = rules.get(route.rule);
      if (placed === undefined) rules.set(route.rule, [placedRoute]);
      else placed.push(placedRoute);
    }
  }
  return routes;
}

function placeChains({ listeners }: RouteTable): Map<string, PlacedChain[]> {
  const placed = listeners.flatMap((listener) => listener.chains.map((chain) => ({ chain, listener })));
  return Map.groupBy(placed, ({ chain, listener }) => chainKey(listener, listener.bind, chain.gateway, chain.server));
}

function chainKey(
  { bindPort }: { readonly bindPort: number },
  bind: string | undefined,
  gateway: ObjectReference,
  server: string,
): string {
  return `${addressOf({ bindPort, bind })} ${keyOf(gateway)} ${server}`;
}

function addressOf({ bindPort, bind }: Pick<Listener, "bindPort" | "bind">): string {
  return `${bindPort} ${bind ?? ""}`;
}

/** `NAMESPACE/NAME` */
export function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
