/**
 * What moves bytes, seen from outside. Whoever is on the other side of this interface knows neither sockets nor threads: an engine may
 * serve all connections in one event loop, or share them among workers (each of which then has its listeners' sockets, its event loop and
 * its connections) as long as limits, counts and weight order stay the whole pod's. Those are in memory that all share for that reason (pod.ts).
 */
import type { Listener, Snapshot } from "../../../routing/table.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { Clock } from "../clock.ts";
import type { HealthEvent } from "../health/monitor.ts";
import type { OverloadEvent } from "../limits/overload.ts";
import type { Readings } from "../limits/readings.ts";
import type { EndpointState } from "./pod.ts";
import type { Connection, ConnectionRecord, EndpointTransfer } from "./record.ts";

/** Whether the gateway serves a listener, and if not, why. */
export type ListenerStatus = {
  readonly listener: Listener;
} & (
  | { readonly state: "open"; /** The port that the socket has, where `bindPort` was 0. */ readonly boundPort: number }
  | { readonly state: "opening" }
  /** The address could not be bound; tried again until it can, or the listener goes. */
  | { readonly state: "failed"; readonly error: string }
);

/** Who is told what happens. Called synchronously: must be quick and must not throw. */
export interface EngineObserver {
  /** An upstream connection stands, and bytes may flow. It may be told a moment later, with what has been moved since. */
  connectionOpened?(connection: Connection): void;
  /** A connection is over, served or refused. Called exactly once for each that a listener took. */
  connectionClosed?(record: ConnectionRecord): void;
  /** An endpoint did not answer; another may be tried. */
  connectFailed?(connection: Connection, error: string): void;
  /** An endpoint is left out, or taken in again. */
  healthChanged?(event: HealthEvent): void;
  /** New connections are refused for want of memory or file descriptors, or are taken again. */
  overloadChanged?(event: OverloadEvent): void;
  /** A worker's own code went wrong, and it goes on or is replaced. */
  workerFailed?(failure: WorkerFailure): void;
  /** The kernel had a connection for a listener and did not hand it over: EMFILE and its like. */
  acceptFailed?(error: string): void;
  listenerChanged?(status: ListenerStatus): void;
}

/** What went wrong with a worker. */
export interface WorkerFailure {
  /** From 0 up. */
  readonly worker: number;
  /** The stack where there is one. */
  readonly error: string;
  /** undefined: it goes on. Else how many connections it had, which are gone with it; another worker takes its place. */
  readonly lost: number | undefined;
}

/** The stack where there is one. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

export interface EngineOptions {
  readonly observer: EngineObserver;
  readonly clock?: Clock;
  /**
   * Milliseconds of silence after which a peer is probed at the latest, whatever a traffic policy says: what is between, such as a cloud's load balancer, may forget a
   * connection sooner than policies know. undefined: only as traffic policies say.
   */
  readonly keepalive?: number | undefined;
  /** What is left of memory and file descriptors; by default as the system has it. */
  readonly readings?: Readings;
  /** From 0 up to but without 1. */
  readonly random?: () => number;
}

/** Totals since the start. They only grow. */
export interface EngineCounters {
  /** Times that reading from a client stopped as its upstream did not take more. */
  readonly downstreamPauses: number;
  /** Times that reading from an upstream stopped as its client did not take more. */
  readonly upstreamPauses: number;
}

/** An event loop that moves bytes. */
export interface WorkerStatus {
  /** From 0 up. */
  readonly worker: number;
  /** What moves its bytes. */
  readonly engine: EngineName;
  /** Open ones. */
  readonly connections: number;
  /** Milliseconds in which it was not waiting for something to do, since it began. */
  readonly active: number;
}

export type EngineName = "net" | "epoll";

export interface Engine {
  /** What moves the bytes of all listeners that it can serve. */
  readonly name: EngineName;

  /**
   * Makes a snapshot the current one: opens and closes listeners, and routes new connections by it; established ones are never touched. A
   * listener whose address and port stay keeps its socket. Resolves when binding of every new listener was tried; never rejects, as what
   * could not be bound is told by {@link listeners}.
   */
  apply(snapshot: Snapshot): Promise<void>;

  /** Certificates and keys for new connections; established ones keep theirs. Resolves when all new ones go by them. */
  setCredentials(credentials: Credentials): Promise<void>;

  /** One for each listener of the current snapshot, in its order. */
  listeners(): readonly ListenerStatus[];

  /**
   * Those that are open or being connected, as they stand now.
   *
   * @param limit - how many are wanted at most; all by default
   */
  connections(limit?: number): Promise<readonly Connection[]>;

  /**
   * Bytes that open connections have moved and that nobody was told of, one sum an endpoint: each byte is told once, by this or, at a connection's end, by
   * {@link ConnectionRecord.uncounted}.
   */
  transfers(): Promise<readonly EndpointTransfer[]>;

  readonly connectionCount: number;

  /** One for each event loop that moves bytes; one that has just died is missing until its successor is there. */
  workers(): readonly WorkerStatus[];

  /** Open connections of a cluster, or of one of its endpoints (`address` and `port`); what limits and least requests count. */
  active(cluster: string, endpoint?: { readonly address: string; readonly port: number }): number;

  /** An endpoint's open connections, and whether it is left out. */
  endpoint(cluster: string, endpoint: { readonly address: string; readonly port: number }): EndpointState;

  readonly counters: EngineCounters;

  /** Closes all listeners for good; connections go on. Idempotent; resolves when those that the kernel had in its queues are taken as well, so that no more come. */
  stopListening(): Promise<void>;

  /** Resolves when no connection is left. */
  idle(): Promise<void>;

  /** Stops listening and aborts every connection (RST). Idempotent; resolves when nothing of the engine is left. */
  destroy(): Promise<void>;
}
