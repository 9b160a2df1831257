import type { Socket } from "node:net";
import type { Listener } from "../../../../routing/table.ts";
import type { Clock } from "../../clock.ts";
import type { EngineObserver } from "../engine.ts";
import type { Plan } from "../plan.ts";
import { NetConnection, type ConnectionHost } from "./connection.ts";

/** Who is told what happens. Called synchronously: must be quick and must not throw. */
export interface LoopObserver extends Pick<EngineObserver, "connectionOpened" | "connectionClosed" | "connectFailed"> {
  /** A connection was taken over; it ends in {@link EngineObserver.connectionClosed}. */
  connectionAccepted?(): void;
  /** Reading from a side stopped as the other did not take more. */
  paused(side: "downstream" | "upstream"): void;
  /** The program made a mistake, which ended one connection. */
  failed(error: unknown): void;
}

export interface NetLoopOptions {
  /** Which of the workers this is, from 0 up. */
  readonly worker: number;
  readonly observer: LoopObserver;
  readonly clock: Clock;
  /** As in {@link EngineOptions}. */
  readonly keepalive: number | undefined;
  /** A number that no other connection has. */
  readonly nextId: () => number;
}

/** The connections of one event loop, wherever its listening sockets come from. */
export class NetLoop {
  readonly #settings: Omit<ConnectionHost, "plan">;
  #host: ConnectionHost | undefined;
  readonly #connections = new Set<NetConnection>();
  readonly #idle = new Set<() => void>();
  readonly #observer: LoopObserver;
  readonly #nextId: () => number;

  constructor({ worker, observer, clock, keepalive, nextId }: NetLoopOptions) {
    this.#observer = observer;
    this.#nextId = nextId;
    this.#settings = {
      worker,
      clock,
      keepalive,
      opened: (connection) => observer.connectionOpened?.(connection),
      connectFailed: (connection, error) => observer.connectFailed?.(connection, error),
      closed: (connection, record) => {
        this.#connections.delete(connection);
        observer.connectionClosed?.(record);
        if (this.#connections.size === 0) this.#wakeIdle();
      },
      paused: (side) => observer.paused(side),
      failed: (error) => observer.failed(error),
    };
  }

  /** Those that are open or being connected. The objects are live: their byte counts grow. */
  get connections(): ReadonlySet<NetConnection> {
    return this.#connections;
  }

  /** Decides on connections by a plan from now on. */
  follow(plan: Plan): void {
    if (this.#host === undefined) this.#host = { ...this.#settings, plan };
    else this.#host.plan = plan;
  }

  /**
   * Takes a connection over.
   *
   * @param listener - undefined: the one that it came by is gone
   */
  accept(client: Socket, listener: Listener | undefined): void {
    if (this.#host === undefined || listener === undefined) {
      client.resetAndDestroy();
      return;
    }
    const connection = new NetConnection(this.#nextId(), client, listener, this.#host);
    this.#connections.add(connection);
    this.#observer.connectionAccepted?.();
    connection.begin();
  }

  /** Resolves when no connection is left. */
  idle(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.add(resolve));
  }

  /** Aborts every connection (RST); resolves when none is left. */
  abort(): Promise<void> {
    for (const connection of [...this.#connections]) connection.abort("drain", { by: "gateway", how: "drain" });
    return this.idle();
  }

  #wakeIdle(): void {
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }
}
