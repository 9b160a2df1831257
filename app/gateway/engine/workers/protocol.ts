/** What the main thread and a worker tell each other. */
import type { Credential } from "../../credentials/credentials.ts";
import type { MapDelta } from "../../shared/map-delta.ts";
import type { SharedTotals } from "./totals.ts";
import type { HealthEvent } from "../../health/monitor.ts";
import type { EngineName } from "../engine.ts";
import type { BlockingLoopOptions } from "../loop.ts";
import type { PlanChange, PodMemory } from "../pod.ts";
import type { Connection, EndpointTransfer } from "../record.ts";
import type { Rows } from "./connection-rows.ts";

/** What every worker of a seat is born with. */
export interface SeatSettings {
  /** From 0 up, over all groups of workers. */
  readonly index: number;
  /** What moves its bytes. */
  readonly engine: EngineName;
  readonly keepalive: number | undefined;
  readonly memory: PodMemory;
  readonly totals: SharedTotals;
}

/** What a worker is born with. */
export interface WorkerSettings extends SeatSettings {
  /** undefined: its loop leaves Node's own event loop alone. */
  readonly blocking: Pick<BlockingLoopOptions, "wake" | "descriptors"> | undefined;
}

/** What the main thread asks for; each is answered once it is done. */
export type Request =
  /** A new snapshot. */
  | { readonly type: "apply"; readonly change: PlanChange }
  /** What has changed of the certificates and keys. */
  | { readonly type: "credentials"; readonly change: MapDelta<Credential> }
  /** Accept from a listening socket, which is the worker's to close. */
  | { readonly type: "listen"; readonly key: string; readonly fd: number }
  /** Take what waits in the queue of a listening socket and close it. */
  | { readonly type: "unlisten"; readonly key: string }
  | { readonly type: "connections"; readonly limit: number }
  | { readonly type: "transfers" }
  /** Abort every connection. */
  | { readonly type: "abort" }
  /** The process ends: let the thread be ended with it. */
  | { readonly type: "end" };

interface Answers {
  readonly connections: readonly Connection[];
  readonly transfers: readonly EndpointTransfer[];
}

export type Answer<Type extends Request["type"]> = Type extends keyof Answers ? Answers[Type] : undefined;

export interface Envelope {
  readonly id: number;
  readonly request: Request;
}

/** What has happened since the last time. */
export interface Events {
  readonly connections: Rows;
  readonly healthChanges: readonly HealthEvent[];
  readonly acceptFailures: readonly string[];
  /** What went wrong in the worker's own code; it goes on. */
  readonly faults: readonly string[];
}

export type FromWorker =
  | { readonly type: "answer"; readonly id: number; readonly value: unknown }
  | { readonly type: "refusal"; readonly id: number; readonly error: string }
  | { readonly type: "events"; readonly events: Events };
