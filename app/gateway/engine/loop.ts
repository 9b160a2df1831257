/**
 * What moves the bytes of one thread, seen by the thread's program. Node's sockets (`net/`) and epoll by `node:ffi` (`epoll/`) are two ways to do it; another one, such as io_uring, would stand
 * beside them as a third. Rules in the kernel (nftables) that take whole listeners from all loops would not be a loop: they belong beside the groups of workers (`workers/placement.ts`).
 */
import type { Clock } from "../clock.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { Admission } from "../limits/admission.ts";
import type { EngineObserver } from "./engine.ts";
import type { Plan } from "./plan.ts";
import type { Connection, EndpointTransfer } from "./record.ts";
import type { Upstream } from "./upstream.ts";

/**
 * Who is told what happens. Called synchronously: must be quick; where it throws, the connection that it was told of ends. A connection that is told to be open may be looked at until it is told to be
 * closed, and its record while that is told. The same Gateway, rule, cluster and endpoint are the same object each time, as long as the plan has them.
 */
export interface LoopObserver extends Pick<
  EngineObserver,
  "connectionOpened" | "connectionClosed" | "connectFailed" | "healthChanged" | "acceptFailed"
> {
  /** A connection was taken over; it ends in {@link EngineObserver.connectionClosed}. */
  connectionAccepted?(): void;
  /** Reading from a side stopped as the other did not take more. */
  paused(side: "downstream" | "upstream"): void;
  /** The program made a mistake, which ended one connection at most. */
  failed(error: unknown): void;
}

export interface LoopOptions {
  /** Which of the workers this is, from 0 up. */
  readonly worker: number;
  readonly observer: LoopObserver;
  readonly clock: Clock;
  /** As in {@link EngineOptions}. */
  readonly keepalive: number | undefined;
  readonly plan: Plan;
  readonly admission: Admission;
  /** A number that no other connection has. */
  readonly nextId: () => number;
}

/** The connections of one thread. */
export interface Loop {
  /**
   * Accepts from a listening socket; resolves when it does. Connections go to what the plan has for the key then.
   *
   * @param fd - the loop's to close
   */
  listen(key: string, fd: number): Promise<void>;

  /** Takes what waits in the queue of a listening socket and closes it, as the kernel resets what a closed socket has there. */
  unlisten(key: string): Promise<void>;

  /** Those that are open or being connected, as they stand now. The objects may be live: their byte counts grow. */
  connections(limit?: number): Connection[];

  /** As {@link Engine.transfers}. */
  transfers(): EndpointTransfer[];

  /** New connections go by these certificates and keys from now on. */
  trust(credentials: Credentials): void;

  /** A cluster's part of the plan is another one. */
  replaced(before: Upstream | undefined, after: Upstream | undefined): void;

  /** Aborts every connection (RST); resolves when none is left. */
  abort(): Promise<void>;
}

/** What a thread has to tell the main one, gathered, as each message has its price. */
export interface Outbox {
  /** When it must be sent at the latest, by `performance.now()`; Infinity: there is nothing. */
  readonly due: number;
  /** Sends what there is. */
  flush(): void;
}

/** What a loop needs besides that keeps its thread from Node's own event loop. */
export interface BlockingLoopOptions extends LoopOptions {
  /** An eventfd(2) that is written to when there is a message: the loop is to return to Node's event loop then. It is somebody else's to close. */
  readonly wake: number;
  /** Where the loop notes which descriptors it holds (`epoll/descriptors.ts`), so that somebody else can close them if its thread ends without doing it. */
  readonly descriptors: SharedArrayBuffer;
  /** To be sent in time, as nobody else does. */
  readonly outbox: Outbox;
  /** Told now and then how long it has been busy since, in milliseconds. */
  readonly busy: (milliseconds: number) => void;
}

/** A {@link Loop} that keeps its thread from Node's own event loop, but for short visits. */
export interface BlockingLoop extends Loop {
  /** Takes the thread from the next turn of Node's event loop on. */
  begin(): void;
  /** Never takes the thread again. */
  end(): void;
}
