import type { Socket } from "node:net";
import type { Listener } from "../../../../routing/table.ts";
import type { Clock } from "../../clock.ts";
import type { EngineCounters, EngineObserver } from "../engine.ts";
import type { Plan } from "../plan.ts";
import { NetConnection, type ConnectionHost } from "./connection.ts";

export interface NetLoopOptions {
  readonly observer: Pick<EngineObserver, "connectionOpened" | "connectionClosed" | "connectFailed">;
  readonly clock: Clock;
  /** As in {@link EngineOptions}. */
  readonly keepalive: number | undefined;
  /** Number of the first connection, and what each next one's is greater by, so that numbers are unique over several loops. */
  readonly ids?: { readonly first: number; readonly step: number };
}

/** The connections of one event loop, wherever its listening sockets come from. */
export class NetLoop {
  readonly #host: ConnectionHost;
  readonly #connections = new Set<NetConnection>();
  readonly #idle = new Set<() => void>();
  readonly #step: number;
  readonly #counters = { downstreamPauses: 0, upstreamPauses: 0 };
  #nextId: number;
  #plan: Plan | undefined;

  constructor({ observer, clock, keepalive, ids = { first: 1, step: 1 } }: NetLoopOptions) {
    this.#nextId = ids.first;
    this.#step = ids.step;
    this.#host = {
      clock,
      keepalive,
      opened: (connection) => observer.connectionOpened?.(connection),
      connectFailed: (connection, error) => observer.connectFailed?.(connection, error),
      closed: (connection, record) => {
        this.#connections.delete(connection);
        observer.connectionClosed?.(record);
        if (this.#connections.size === 0) this.#wakeIdle();
      },
      paused: (side) => {
        if (side === "downstream") this.#counters.downstreamPauses++;
        else this.#counters.upstreamPauses++;
      },
    };
  }

  get counters(): EngineCounters {
    return this.#counters;
  }

  /** Those that are open or being connected. The objects are live: their byte counts grow. */
  get connections(): ReadonlySet<NetConnection> {
    return this.#connections;
  }

  /** Decides on connections by a plan from now on. */
  follow(plan: Plan): void {
    this.#plan = plan;
  }

  /**
   * Takes a connection over.
   *
   * @param listener - undefined: the one that it came by is gone
   */
  accept(client: Socket, listener: Listener | undefined): void {
    if (this.#plan === undefined || listener === undefined) {
      client.resetAndDestroy();
      return;
    }
    const connection = new NetConnection(this.#nextId, client, listener, this.#plan, this.#host);
    this.#nextId += this.#step;
    this.#connections.add(connection);
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
