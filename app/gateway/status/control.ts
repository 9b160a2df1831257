/** Keeps the status of live objects true, as long as this pod leads those of its gateway. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { Analysis } from "../../../routing/analyze/analysis.ts";
import { Derivation } from "../../../routing/gateway-api/derivation.ts";
import {
  describeGatewayApi,
  describeStatus,
  gatewayApiKinds,
  mergeGatewayApiStatus,
  mergeStatus,
  statusKinds,
  type DeclaredState,
  type StatusInput,
} from "../../../routing/status/index.ts";
import type { ListenerStatus } from "../engine/engine.ts";
import { ApiError, type ApiServer, type ApiWriter } from "../control/api-server.ts";
import type { Situation } from "../control/control.ts";
import { listObjects, type RawObject } from "../control/list.ts";
import { resourcePath, resources } from "../control/resources.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { LeaderElection } from "./lease.ts";
import { StatusWriter, type StatusCounters, type StatusTarget, type StoredObject } from "./writer.ts";

/** Milliseconds in which changes are gathered, and between two looks at everything. */
const GATHER = 200;
const PAUSE = 1000;
/** Milliseconds of work after which others get their turn: connections come first. */
const SLICE = 5;
/** Milliseconds between two comparisons with all that is stored: what nobody told of is mended then. */
const RESYNC = 600_000;

export interface StatusControlOptions {
  readonly api: ApiServer & ApiWriter;
  readonly clock: Clock;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly counters: StatusCounters;
  /** Name of the pod, and the Service in front of it: the name of the workload, by which its entries are known. */
  readonly pod: string;
  readonly namespace: string;
  readonly service: string;
  /** Namespaces that are watched; empty: all. */
  readonly namespaces: readonly string[];
  /** A real Istio may serve objects too: only what this gateway alone serves gets a status. */
  readonly separate: boolean;
  /** What is known of the cluster; undefined: nothing yet. */
  readonly situation: () => Situation | undefined;
  readonly listeners: () => readonly ListenerStatus[];
  readonly credentialFaults: StatusInput["credentialFaults"];
}

interface Known {
  /** Of the report. */
  readonly digest: string;
  readonly target: StatusTarget;
}

export class StatusControl {
  readonly #options: StatusControlOptions;
  readonly #election: LeaderElection;
  readonly #analysis = new Analysis();
  readonly #derivation = new Derivation();
  #writer: StatusWriter | undefined;
  /** By `Kind NAMESPACE/NAME`, what was found out last. */
  #known = new Map<string, Known>();
  /** What is stored has been compared once since this pod leads. */
  #compared = false;
  #stale = false;
  #passing: Promise<void> | undefined;
  #cancelPass: (() => void) | undefined;
  #cancelResync: (() => void) | undefined;

  constructor(options: StatusControlOptions) {
    this.#options = options;
    const { api, clock, random, logger, namespace, service, pod } = options;
    this.#election = new LeaderElection({
      api,
      clock,
      random,
      logger,
      namespace,
      name: leaseName(service),
      identity: pod,
      changed: (leading) => (leading ? this.#lead() : this.#follow()),
    });
  }

  /** Whether this pod writes. */
  get leading(): boolean {
    return this.#election.leading;
  }

  /** Name of the pod that writes, as last seen. */
  get leader(): string | undefined {
    return this.#election.holder;
  }

  start(): void {
    this.#election.start();
  }

  /** Ends what has begun, and lets another pod take over. Never rejects. */
  async stop(): Promise<void> {
    const writer = this.#writer;
    this.#follow();
    await writer?.stop();
    await this.#passing;
    await this.#election.release();
  }

  /** To be called when anything has changed that status tells of. */
  changed(): void {
    this.#stale = true;
    if (this.#writer === undefined || this.#cancelPass !== undefined || this.#passing !== undefined) return;
    this.#schedule(GATHER);
  }

  /** Compares what is stored with what is known; to be called with each object that a watch tells of. */
  seen(object: RawObject): void {
    if (this.#compared) this.#compare(object);
  }

  #lead(): void {
    const { logger, service } = this.#options;
    logger.info({ service }, "Writing the status of routing objects, as the leader of this gateway's pods");
    this.#writer = new StatusWriter(this.#options);
    this.#stale = true;
    this.#schedule(0);
  }

  #follow(): void {
    if (this.#writer === undefined) return;
    void this.#writer.stop();
    this.#writer = undefined;
    this.#known = new Map();
    this.#compared = false;
    this.#cancelPass?.();
    this.#cancelPass = undefined;
    this.#cancelResync?.();
    this.#options.logger.info("No longer writing the status of routing objects");
  }

  #schedule(delay: number): void {
    this.#cancelPass = this.#options.clock.after(delay, () => {
      this.#cancelPass = undefined;
      this.#passing = this.#pass()
        .catch((error: unknown) =>
          this.#options.logger.error({ err: error }, "Cannot work out the status of routing objects"),
        )
        .finally(() => {
          this.#passing = undefined;
          if (this.#writer !== undefined && this.#stale) this.#schedule(PAUSE);
        });
    });
  }

  /** Looks at every object, and has those written whose report is another one than before. */
  async #pass(): Promise<void> {
    const { clock } = this.#options;
    const writer = this.#writer;
    const input = this.#input();
    if (input === undefined || writer === undefined) return;
    this.#stale = false;
    const known = new Map<string, Known>();
    let began = clock.monotonic();
    for (const { key, digest, target } of this.#describe(input)) {
      known.set(key, { digest, target });
      if (this.#compared && (this.#known.get(key)?.digest ?? "") !== digest) writer.put(target);
      if (clock.monotonic() - began < SLICE) continue;
      await nextTurn();
      if (this.#writer !== writer) return;
      began = clock.monotonic();
    }
    this.#known = known;
    if (this.#compared) return;
    this.#compared = true;
    await this.#compareAll();
  }

  #input(): StatusInput | undefined {
    const { situation, listeners, credentialFaults, namespaces, separate } = this.#options;
    const known = situation();
    if (known === undefined) return undefined;
    const { entries, objects, workload, snapshot, messages } = known;
    return {
      declared: entries.map(({ identity, current, inForce }) => ({ ...identity, newest: current, inForce })),
      objects: this.#derivation.update(objects),
      workload,
      snapshot,
      listeners: listeners(),
      credentialFaults,
      messages: [
        ...new Map(
          [...messages, ...this.#analysis.update(objects)].map((message) => [
            JSON.stringify([message.code, message.resource, message.message]),
            message,
          ]),
        ).values(),
      ],
      namespaces,
      separate,
    };
  }

  /** What is found about each object, and how its status is to be. */
  *#describe(input: StatusInput): Generator<Known & { readonly key: string }> {
    const { clock } = this.#options;
    const { objects, namespaces } = input;
    const isGone = (workload: string): boolean => {
      const [space = "", service = ""] = workload.split("/");
      const watched = namespaces.length === 0 || namespaces.includes(space);
      return watched && objects.get("Service", space, service) === undefined;
    };
    for (const [state, report] of describeStatus(input)) {
      const merge = { workload: this.#workload, report, isGone };
      yield known(state, report, (stored) => mergeStatus(stored, { ...merge, now: timeOf(clock) }));
    }
    for (const [state, report] of describeGatewayApi(input)) {
      yield known(state, report, (stored) => mergeGatewayApiStatus(stored, report, state.generation, timeOf(clock)));
    }
  }

  get #workload(): string {
    return `${this.#options.namespace}/${this.#options.service}`;
  }

  /** Has those objects written that differ from what is known of them. */
  #compare(object: StoredObject): void {
    const { kind, metadata } = object;
    const known = this.#known.get(`${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
    if (known !== undefined && known.target.merge(object.status) !== object.status)
      this.#writer?.put(known.target, object);
  }

  async #compareAll(): Promise<void> {
    const { clock, random, namespaces, api, logger } = this.#options;
    const writer = this.#writer;
    const scopes = namespaces.length === 0 ? [{}] : namespaces.map((namespace) => ({ namespace }));
    for (const { resource, version } of statusResources(this.#known)) {
      for (const scope of scopes) {
        try {
          const { objects } = await listObjects(api, resource, version, scope, new AbortController().signal);
          if (this.#writer !== writer) return;
          for (const object of objects) this.#compare(object);
        } catch (error) {
          const text = error instanceof ApiError || error instanceof Error ? error.message : String(error);
          logger.warn(
            { kind: resource.kind, error: text },
            `Cannot compare the status of every ${resource.kind}: looking again later`,
          );
        }
      }
    }
    this.#cancelResync?.();
    this.#cancelResync = clock.after(RESYNC * (1 + random() / 2), () => void this.#compareAll());
  }
}

/** Name of the Lease of a gateway's pods. */
export function leaseName(service: string): string {
  return `${service}-status`;
}

function known(
  { apiVersion, kind, namespace, name, generation }: DeclaredState,
  report: object | undefined,
  merge: StatusTarget["merge"],
): Known & { readonly key: string } {
  const key = `${kind} ${namespace}/${name}`;
  const digest = report === undefined ? "" : JSON.stringify([generation, report]);
  return { key, digest, target: { key, path: `${pathOf(apiVersion, kind, namespace)}/${name}`, merge } };
}

function pathOf(apiVersion: string, kind: string, namespace: string): string {
  const resource = resources.find((candidate) => candidate.kind === kind);
  if (resource === undefined) throw new Error(`Cannot write the status of ${kind} as it is not watched`);
  return resourcePath(resource, apiVersion.split("/")[1] ?? apiVersion, resource.namespaced ? { namespace } : {});
}

/** The kinds that get a status, in a version that is served. */
function statusResources(known: ReadonlyMap<string, Known>) {
  return resources.flatMap((resource) => {
    if (![...statusKinds, ...gatewayApiKinds].some((kind) => kind === resource.kind)) return [];
    const target = known.values().find(({ target: { key } }) => key.startsWith(`${resource.kind} `))?.target;
    const version = target?.path.split("/")[3];
    return version === undefined ? [] : [{ resource, version }];
  });
}

/** RFC 3339 in seconds, as Kubernetes writes times. */
function timeOf(clock: Clock): string {
  return clock
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
}
