import type { Claim } from "../../../routing/claims.ts";
import type { Message } from "../../../routing/message.ts";
import { EndpointLists } from "../../../routing/compile/endpoint-lists.ts";
import { share } from "../../../routing/incremental/share.ts";
import type { AnyObject, Objects, Service } from "../../../routing/objects.ts";
import type { Locality, RouteTable, Snapshot } from "../../../routing/table.ts";
import type { Workload } from "../../../routing/workload.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { nodeLocality } from "./node-locality.ts";
import type { ApiServer } from "./api-server.ts";
import { DnsEndpoints, type Resolve } from "./dns.ts";
import { LastGood, type CompiledEntries } from "./last-good.ts";
import type { RawObject } from "./list.ts";
import { Reflector } from "./reflector.ts";
import { resources, type Resource, type Scope } from "./resources.ts";
import { Store, type Entry } from "./store.ts";

/** Milliseconds in which events are gathered before they take effect together. */
const COALESCE = 5;

/** Which pods this gateway is one of. */
export interface Whoami {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the Service in front of the pods; undefined: ports are bound as they are declared. */
  readonly service: string | undefined;
  /** Which namespaces may use which port; none by default: any may use all. */
  readonly claims?: readonly Claim[];
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
  /** Name of the node that the pod runs on, whose zone endpoints may be near to; undefined: nothing is near. */
  readonly node?: string | undefined;
  /** Given each object that a watch tells of, whatever has changed of it: its status, for one. */
  readonly seen?: (object: RawObject) => void;
}

/** What is known of a cluster at one moment. */
export interface Situation {
  readonly entries: readonly Entry[];
  /** The forms that count. */
  readonly objects: Objects;
  readonly workload: Workload;
  readonly snapshot: Snapshot;
  /** What parsing and compiling said. */
  readonly messages: readonly Message[];
}

/** Watches a cluster and publishes a snapshot for each change that matters. */
export class Control {
  readonly #options: ControlOptions;
  readonly #store: Store;
  readonly #lastGood: LastGood;
  readonly #lists = new EndpointLists();
  readonly #dns: DnsEndpoints;
  readonly #stop = new AbortController();
  #version: number;
  #synced = false;
  #cancelFlush: (() => void) | undefined;
  #compiled: CompiledEntries | undefined;
  #published: Snapshot | undefined;
  #locality: Locality | undefined;

  constructor(options: ControlOptions) {
    const { clock, logger, resolve } = options;
    this.#options = options;
    this.#version = options.version ?? 0;
    this.#store = new Store(() => this.#touch(), options.remembered, options.seen);
    const { namespace, labels, claims } = options.whoami;
    this.#lastGood = new LastGood(this.#store, { namespace, labels, claims }, (objects) => this.#serviceIn(objects));
    this.#dns = new DnsEndpoints({
      clock,
      changed: () => this.#touch(),
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
    const { node } = this.#options;
    const { signal } = this.#stop;
    const [locality] = await Promise.all([
      node === undefined ? undefined : nodeLocality({ api, node, clock, random, logger, signal }),
      ...reflectors.map(({ synced }) => synced),
    ]);
    this.#locality = locality;
    if (this.#stop.signal.aborted) return;
    this.#synced = true;
    this.#flush();
  }

  /** What the snapshot that was published last was made of; undefined: none was. */
  situation(): Situation | undefined {
    if (this.#compiled === undefined || this.#published === undefined) return undefined;
    const entries = this.#store.entries();
    const { objects } = this.#lastGood;
    const { messages } = this.#compiled;
    return { entries, objects, workload: this.#workload(), snapshot: this.#published, messages };
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

  #touch(): void {
    if (!this.#synced || this.#cancelFlush !== undefined || this.#stop.signal.aborted) return;
    this.#cancelFlush = this.#options.clock.after(COALESCE, () => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush = undefined;
    const { rejected, ...compiled } = this.#lastGood.compile();
    for (const resource of rejected) if (!this.#compiled?.rejected.has(resource)) this.#options.rejected(resource);
    const table = share(this.#published?.table, compiled.table);
    if (table.clusters !== this.#published?.table.clusters) void this.#dns.watch(table);
    this.#compiled = { table, messages: compiled.messages, rejected };
    const snapshot = this.#nextSnapshot(table, this.#endpoints(table));
    this.#options.publish(snapshot, compiled.messages, this.#store.declared);
  }

  #endpoints(table: RouteTable): Snapshot["endpoints"] {
    const joined = this.#lists.update(table, this.#lastGood.objects);
    const resolved = [...table.clusters.values()].flatMap((cluster) => {
      const list = this.#dns.endpointsOf(cluster);
      return list === undefined ? [] : [[cluster.name, list] as const];
    });
    return resolved.length === 0 ? joined : share(this.#published?.endpoints, new Map([...joined, ...resolved]));
  }

  /** A new version only where something has changed: objects of others come and go all the time. */
  #nextSnapshot(table: RouteTable, endpoints: Snapshot["endpoints"]): Snapshot {
    if (this.#published?.table !== table || this.#published.endpoints !== endpoints) {
      this.#published = { version: ++this.#version, table, endpoints, locality: this.#locality };
    }
    return this.#published;
  }

  #workload(): Workload {
    const { namespace, labels, claims } = this.#options.whoami;
    return { namespace, labels, claims, service: this.#serviceIn(this.#lastGood.objects) };
  }

  #serviceIn(objects: Objects): Service | undefined {
    const { namespace, service } = this.#options.whoami;
    return service === undefined ? undefined : objects.get("Service", namespace, service);
  }
}
