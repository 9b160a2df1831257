import type { Socket } from "node:net";
import type { Endpoint } from "../../../../routing/table.ts";
import type { Clock } from "../../clock.ts";
import type { Admission } from "../../limits/admission.ts";
import { hostPort } from "../address.ts";
import type { EngineObserver } from "../engine.ts";
import type { Plan } from "../plan.ts";
import type { EndpointTransfer } from "../record.ts";
import { gaugeName, type Upstream } from "../upstream.ts";
import type { Credentials } from "../../credentials/credentials.ts";
import { NetConnection, type ConnectionHost } from "./connection.ts";
import { Removals } from "./removals.ts";
import { TlsContexts } from "./tls/contexts.ts";

/** Who is told what happens. Called synchronously: must be quick; where it throws, the connection that it was told of ends. */
export interface LoopObserver extends Pick<
  EngineObserver,
  "connectionOpened" | "connectionClosed" | "connectFailed" | "healthChanged"
> {
  /** A connection was taken over; it ends in {@link EngineObserver.connectionClosed}. */
  connectionAccepted?(): void;
  /** Reading from a side stopped as the other did not take more. */
  paused(side: "downstream" | "upstream"): void;
  /** The program made a mistake, which ended one connection at most. */
  failed(error: unknown): void;
}

export interface NetLoopOptions {
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

/** The connections of one event loop, wherever its listening sockets come from. */
export class NetLoop {
  readonly #options: NetLoopOptions;
  readonly #host: ConnectionHost;
  readonly #connections = new Set<NetConnection>();
  readonly #idle = new Set<() => void>();
  readonly #tls = new TlsContexts();
  readonly #removals: Removals;

  constructor(options: NetLoopOptions) {
    this.#options = options;
    const { worker, observer, clock, keepalive, plan, admission } = options;
    this.#host = {
      worker,
      clock,
      keepalive,
      plan,
      admission,
      tls: this.#tls,
      opened: (connection) => observer.connectionOpened?.(connection),
      connectFailed: (connection, error) => observer.connectFailed?.(connection, error),
      ejected: (cluster, endpoint, detail) =>
        observer.healthChanged?.({ cluster, endpoint, change: "ejected", detail }),
      closed: (connection, record) => {
        this.#connections.delete(connection);
        try {
          observer.connectionClosed?.(record);
        } finally {
          if (this.#connections.size === 0) this.#wakeIdle();
        }
      },
      paused: (side) => observer.paused(side),
      failed: (error) => observer.failed(error),
    };
    this.#removals = new Removals(clock, (cluster, endpoint, grace) => this.#closeRemoved(cluster, endpoint, grace));
  }

  /** Those that are open or being connected. The objects are live: their byte counts grow. */
  get connections(): ReadonlySet<NetConnection> {
    return this.#connections;
  }

  /**
   * Takes a connection over.
   *
   * @param key - of the listener that it came by
   */
  accept(client: Socket, key: string): void {
    const planned = this.#host.plan.listener(key);
    if (planned === undefined) {
      // It came by one that is gone.
      client.resetAndDestroy();
      return;
    }
    const connection = new NetConnection(this.#options.nextId(), client, planned, this.#host);
    this.#connections.add(connection);
    this.#options.observer.connectionAccepted?.();
    connection.begin();
  }

  /** As {@link Engine.transfers}. */
  transfers(): EndpointTransfer[] {
    const sums = new Map<string, { -readonly [Key in keyof EndpointTransfer]: EndpointTransfer[Key] }>();
    for (const connection of this.#connections) {
      const { received, sent } = connection.takeTransfer();
      if (received === 0 && sent === 0) continue;
      const { cluster, endpoint } = connection;
      const name = cluster === undefined ? "" : gaugeName(cluster.name, endpoint);
      const sum = sums.get(name);
      if (sum === undefined) sums.set(name, { cluster, endpoint, received, sent });
      else {
        sum.received += received;
        sum.sent += sent;
      }
    }
    return [...sums.values()];
  }

  /** New connections go by these certificates and keys from now on. */
  trust(credentials: Credentials): void {
    this.#tls.follow(credentials);
  }

  /** A cluster's part of the plan is another one. */
  replaced(before: Upstream | undefined, after: Upstream | undefined): void {
    this.#removals.replaced(before, after);
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

  #closeRemoved(cluster: string, { address, port }: Endpoint, grace: number): void {
    for (const connection of [...this.#connections]) {
      const { endpoint } = connection;
      if (connection.cluster?.name !== cluster || endpoint?.address !== address || endpoint.port !== port) continue;
      const detail = `${hostPort(address, port)} left the cluster ${grace} ms ago`;
      connection.abort("endpoint_removed", { by: "gateway", how: "timeout" }, detail);
    }
  }

  #wakeIdle(): void {
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }
}
