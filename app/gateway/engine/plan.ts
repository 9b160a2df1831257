import { matchRoute, selectChain } from "../../../routing/match.ts";
import type { Cluster, Endpoint, FilterChain, Listener, Route } from "../../../routing/table.ts";
import { isSamePlace, nowhere } from "../balance/tiers.ts";
import { patchMap } from "../shared/map-delta.ts";
import type { RowDirectory } from "../shared/slots.ts";
import type { Rotation } from "../shared/smooth-rotation.ts";
import type { SnapshotDelta } from "./delta.ts";
import type { ClientFacts, Reason } from "./record.ts";
import { createUpstream, takeRotation, type Upstream, type UpstreamContext } from "./upstream.ts";

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

export interface PlanOptions extends Omit<UpstreamContext, "locality"> {
  readonly directory: RowDirectory;
  /** Told when a cluster's part of the plan is another one; undefined: it has none any more. */
  readonly replaced?: (before: Upstream | undefined, after: Upstream | undefined) => void;
}

/** A listener's part of the plan. */
export interface PlannedListener {
  readonly listener: Listener;
  /** Its row: open connections are counted there. */
  readonly row: number;
}

/** The current snapshot made ready for deciding on connections quickly. A change costs what it changes: the rest of the plan stays as it is. */
export class Plan {
  readonly #options: PlanOptions;
  readonly #clusters = new Map<string, Cluster>();
  readonly #endpoints = new Map<string, readonly Endpoint[]>();
  readonly #upstreams = new Map<string, Upstream>();
  readonly #listeners = new Map<string, PlannedListener>();
  readonly #rotations = new WeakMap<Route, Rotation>();
  /** Which names each part of the plan counts by. */
  readonly #names = new WeakMap<Upstream | PlannedListener, readonly string[]>();
  #locality = nowhere;
  #version = 0;

  constructor(options: PlanOptions) {
    this.#options = options;
  }

  /** Of the snapshot. */
  get version(): number {
    return this.#version;
  }

  /** What a listener's key stands for; undefined: nothing any more. */
  listener(key: string): PlannedListener | undefined {
    return this.#listeners.get(key);
  }

  upstream(cluster: string): Upstream | undefined {
    return this.#upstreams.get(cluster);
  }

  /** Makes it the plan of the next snapshot. */
  change({ version, listeners, clusters, endpoints, locality = nowhere }: SnapshotDelta): void {
    this.#version = version;
    patchMap(this.#clusters, clusters);
    patchMap(this.#endpoints, endpoints);
    const changed = namesIn(clusters, endpoints);
    if (!isSamePlace(this.#locality, locality)) {
      this.#locality = locality;
      for (const [name, { trafficPolicy }] of this.#clusters)
        if (trafficPolicy.locality.kind !== "any") changed.add(name);
    }
    for (const name of changed) this.#changeUpstream(name);
    for (const key of listeners.deleted) this.#changeListener(key, undefined);
    for (const [key, listener] of listeners.set) this.#changeListener(key, listener);
  }

  decide(
    listener: Listener,
    {
      downstream: { address: sourceAddress },
      local: { address: destinationAddress },
      serverName,
    }: Readonly<ClientFacts>,
  ): Decision {
    const chain = selectChain(listener, serverName);
    const route = chain && matchRoute(chain, { sourceAddress, destinationAddress, serverName });
    if (route === undefined) {
      const name = serverName === undefined ? "no server name" : `server name ${serverName}`;
      const detail = `No route of port ${listener.port} matches source ${sourceAddress}, destination ${destinationAddress} and ${name}`;
      return { chain, route, upstream: undefined, reason: "no_route", detail };
    }
    const turn = this.#rotations.get(route)?.next() ?? 0;
    const { cluster } = route.destinations[turn] ?? route.destinations[0];
    const upstream = this.#upstreams.get(cluster);
    if (upstream === undefined || upstream.hosts.length === 0) {
      const detail = `Cluster ${cluster} has no endpoint`;
      return { chain, route, upstream, reason: "no_healthy_upstream", detail };
    }
    return { chain, route, upstream, reason: undefined };
  }

  #changeUpstream(name: string): void {
    const cluster = this.#clusters.get(name);
    const before = this.#upstreams.get(name);
    const context = { ...this.#options, locality: this.#locality };
    const after =
      cluster && this.#name((take) => createUpstream(cluster, this.#endpoints.get(name) ?? [], context, take));
    if (after === undefined) this.#upstreams.delete(name);
    else this.#upstreams.set(name, after);
    this.#options.replaced?.(before, after);
    this.#forget(before);
  }

  #changeListener(key: string, listener: Listener | undefined): void {
    const before = this.#listeners.get(key);
    if (listener === undefined) this.#listeners.delete(key);
    else
      this.#listeners.set(
        key,
        this.#name((take) => this.#planListener(key, listener, take)),
      );
    this.#forget(before);
  }

  #planListener(key: string, listener: Listener, take: (name: string) => number): PlannedListener {
    for (const { server, routes } of listener.chains) {
      for (const route of routes) {
        const { virtualService: object, rule, destinations } = route;
        if (destinations.length === 1) continue;
        const name = `weights of ${key} ${server} ${object.namespace}/${object.name} ${rule}`;
        const weights = destinations.map(({ weight }) => weight);
        this.#rotations.set(route, takeRotation(this.#options.rows, take, name, weights));
      }
    }
    return { listener, row: take(`listener ${key}`) };
  }

  /** Makes a part of the plan, and notes which names it took. */
  #name<Part extends Upstream | PlannedListener>(make: (take: (name: string) => number) => Part): Part {
    const names: string[] = [];
    const part = make((name) => {
      const row = this.#options.directory.take(name);
      names.push(name);
      return row;
    });
    this.#names.set(part, names);
    return part;
  }

  /** Behind its successor, which goes on with what both count by. */
  #forget(part: Upstream | PlannedListener | undefined): void {
    if (part === undefined) return;
    for (const name of this.#names.get(part) ?? []) this.#options.directory.drop(name, this.#version);
  }
}

function namesIn(...deltas: readonly SnapshotDelta["clusters" | "endpoints"][]): Set<string> {
  return new Set(deltas.flatMap(({ deleted, set }) => [...deleted, ...set.map(([name]) => name)]));
}
