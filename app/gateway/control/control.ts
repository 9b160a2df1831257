import type { Message } from "../../../routing/message.ts";
import { resolveEndpoints } from "../../../routing/compile/endpoints.ts";
import type { AnyObject, Objects } from "../../../routing/objects.ts";
import type { Endpoint, RouteTable, Snapshot } from "../../../routing/table.ts";
import type { Workload } from "../../../routing/workload.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import type { ApiServer } from "./api-server.ts";
import { DnsEndpoints, type Resolve } from "./dns.ts";
import { compileEntries, objectsInForce, type CompiledEntries } from "./last-good.ts";
import { Reflector } from "./reflector.ts";
import { resources, type Resource, type Scope } from "./resources.ts";
import { Store, declaredKinds, type Entry, type Touched } from "./store.ts";

/** Milliseconds in which events are gathered before they take effect together. */
const COALESCE = 5;

/** Which pods this gateway is one of. */
export interface Whoami {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the Service in front of the pods; undefined: ports are bound as they are declared. */
  readonly service: string | undefined;
}

export interface ControlOptions {
  readonly api: ApiServer;
  readonly whoami: Whoami;
  /** Namespaces to watch; empty: all of them. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Takes each new snapshot, with what is wrong among the declarations. */
  readonly publish: (snapshot: Snapshot, messages: readonly Message[], declared: readonly AnyObject[]) => void;
  /** Told of each object whose newest form was refused. */
  readonly rejected: (resource: string) => void;
  /** The version that the first snapshot is to be greater than; 0 by default. */
  readonly version?: number;
  /** Last good forms from before a restart. */
  readonly remembered?: readonly unknown[];
  readonly resolve?: Resolve;
}

/** Watches a cluster and publishes a snapshot for each change that matters. */
export class Control {
  readonly #options: ControlOptions;
  readonly #store: Store;
  readonly #dns: DnsEndpoints;
  readonly #stop = new AbortController();
  #version: number;
  #synced = false;
  #stale: ReadonlySet<Touched> = new Set();
  #cancelFlush: (() => void) | undefined;
  #compiled: CompiledEntries | undefined;
  #published: { readonly content: string; readonly snapshot: Snapshot } | undefined;

  constructor(options: ControlOptions) {
    const { clock, logger, resolve } = options;
    this.#options = options;
    this.#version = options.version ?? 0;
    this.#store = new Store((touched) => this.#touch(touched), options.remembered);
    this.#dns = new DnsEndpoints({
      clock,
      changed: () => this.#touch("endpoints"),
      failed: (hostname, error) =>
        logger.warn({ hostname, error: error.message }, `Cannot resolve ${hostname}: asking again`),
      ...(resolve && { resolve }),
    });
  }

  /** Begins to watch; resolves when the first snapshot has been published. */
  async start(): Promise<void> {
    const { api, clock, random, logger } = this.#options;
    const reflectors = this.#scopes().map(
      ([resource, scope]) =>
        new Reflector({
          api,
          resource,
          scope,
          sink: this.#store.sink(),
          clock,
          random,
          logger,
          signal: this.#stop.signal,
        }),
    );
    for (const reflector of reflectors) {
      reflector
        .run()
        .catch((error: unknown) => logger.fatal({ err: error }, "A watch ended by a mistake of the program"));
    }
    await Promise.all(reflectors.map(({ synced }) => synced));
    if (this.#stop.signal.aborted) return;
    this.#synced = true;
    this.#flush();
  }

  stop(): void {
    this.#stop.abort();
    this.#cancelFlush?.();
    this.#dns.close();
  }

  /** What is watched: in all namespaces or in some, and the own Service wherever it is. */
  #scopes(): (readonly [Resource, Scope])[] {
    const { namespaces, whoami } = this.#options;
    if (namespaces.length === 0) return resources.map((resource) => [resource, {}] as const);
    const namespaced = resources.filter((resource) => resource.namespaced);
    const scopes = namespaced.flatMap((resource) => namespaces.map((namespace) => [resource, { namespace }] as const));
    const services = resources.find(({ kind }) => kind === "Service");
    if (services === undefined || whoami.service === undefined || namespaces.includes(whoami.namespace)) return scopes;
    return [...scopes, [services, { namespace: whoami.namespace, name: whoami.service }]];
  }

  #touch(touched: Touched): void {
    this.#stale = new Set([...this.#stale, touched]);
    if (!this.#synced || this.#cancelFlush !== undefined || this.#stop.signal.aborted) return;
    this.#cancelFlush = this.#options.clock.after(COALESCE, () => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush = undefined;
    const entries = this.#store.entries();
    if (this.#compiled === undefined || this.#stale.has("routes")) {
      this.#compiled = this.#compile(entries);
      void this.#dns.watch(this.#compiled.table);
    }
    this.#stale = new Set();
    const { table, messages } = this.#compiled;
    const snapshot = this.#nextSnapshot(table, this.#endpoints(table, objectsInForce(entries)));
    const declared = entries.flatMap(({ good }) => (good !== undefined && declaredKinds.has(good.kind) ? good : []));
    this.#options.publish(snapshot, messages, declared);
  }

  #compile(entries: readonly Entry[]): CompiledEntries {
    const before = this.#compiled?.rejected;
    const compiled = compileEntries(entries, (objects) => this.#workload(objects));
    for (const resource of compiled.rejected) if (!before?.has(resource)) this.#options.rejected(resource);
    return compiled;
  }

  #endpoints(table: RouteTable, objects: Objects): ReadonlyMap<string, readonly Endpoint[]> {
    const endpoints = new Map(resolveEndpoints(table, objects));
    for (const cluster of table.clusters.values()) {
      const resolved = this.#dns.endpointsOf(cluster);
      if (resolved !== undefined) endpoints.set(cluster.name, resolved);
    }
    return endpoints;
  }

  /** A new version only where something has changed: objects of others come and go all the time. */
  #nextSnapshot(table: RouteTable, endpoints: Snapshot["endpoints"]): Snapshot {
    const content = JSON.stringify([table.listeners, [...table.clusters], [...endpoints]]);
    if (this.#published?.content !== content) {
      this.#published = { content, snapshot: { version: ++this.#version, table, endpoints } };
    }
    return this.#published.snapshot;
  }

  #workload(objects: Objects): Workload {
    const { namespace, labels, service } = this.#options.whoami;
    return {
      namespace,
      labels,
      service: service === undefined ? undefined : objects.get("Service", namespace, service),
    };
  }
}
