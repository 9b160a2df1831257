import type { Socket } from "node:net";
import type { Endpoint } from "../../../../routing/table.ts";
import { explainRemoved } from "../details.ts";
import type { OpenListener } from "../listeners.ts";
import type { Loop, LoopOptions } from "../loop.ts";
import type { EndpointTransfer } from "../record.ts";
import { sumTransfers } from "../transfers.ts";
import type { Upstream } from "../upstream.ts";
import type { Credentials } from "../../credentials/credentials.ts";
import { NetConnection, type ConnectionHost } from "./connection.ts";
import { listen, type ListenTarget } from "./listen.ts";
import { Removals } from "../removals.ts";
import { TlsContexts } from "./tls/contexts.ts";

/** The connections of one event loop on Node's own sockets, wherever its listening sockets come from. */
export class NetLoop implements Loop {
  readonly #options: LoopOptions;
  readonly #host: ConnectionHost;
  readonly #connections = new Set<NetConnection>();
  readonly #idle = new Set<() => void>();
  readonly #tls = new TlsContexts();
  readonly #removals: Removals;
  /** By key. */
  readonly #listening = new Map<string, OpenListener>();

  constructor(options: LoopOptions) {
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

  get connectionCount(): number {
    return this.#connections.size;
  }

  connections(limit = Infinity): NetConnection[] {
    return [...Iterator.from(this.#connections).take(limit)];
  }

  async listen(key: string, fd: number): Promise<void> {
    this.#listening.set(key, await this.listenAt(key, { fd }));
  }

  async unlisten(key: string): Promise<void> {
    await this.#listening.get(key)?.close();
    this.#listening.delete(key);
  }

  /** Accepts from a socket of its own. */
  listenAt(key: string, target: ListenTarget): Promise<OpenListener> {
    return listen(target, {
      accept: (socket) => this.#accept(socket, key),
      acceptFailed: (error) => this.#options.observer.acceptFailed?.(error.message),
    });
  }

  transfers(): EndpointTransfer[] {
    return sumTransfers(this.#takeTransfers());
  }

  trust(credentials: Credentials): void {
    this.#tls.follow(credentials);
  }

  replaced(before: Upstream | undefined, after: Upstream | undefined): void {
    this.#removals.replaced(before, after);
  }

  /** Resolves when no connection is left. */
  idle(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.add(resolve));
  }

  abort(): Promise<void> {
    for (const connection of [...this.#connections]) connection.abort("drain", { by: "gateway", how: "drain" });
    return this.idle();
  }

  #accept(client: Socket, key: string): void {
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

  *#takeTransfers(): Generator<EndpointTransfer> {
    for (const connection of this.#connections) {
      const { cluster, endpoint } = connection;
      yield { cluster, endpoint, ...connection.takeTransfer() };
    }
  }

  #closeRemoved(cluster: string, { address, port }: Endpoint, grace: number): void {
    for (const connection of [...this.#connections]) {
      const { endpoint } = connection;
      if (connection.cluster?.name !== cluster || endpoint?.address !== address || endpoint.port !== port) continue;
      connection.abort("endpoint_removed", { by: "gateway", how: "timeout" }, explainRemoved(endpoint, grace));
    }
  }

  #wakeIdle(): void {
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }
}
