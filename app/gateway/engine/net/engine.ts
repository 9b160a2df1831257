import type { Listener, Snapshot } from "../../../../routing/table.ts";
import { systemClock } from "../../clock.ts";
import { describeError, type Engine, type EngineOptions, type ListenerStatus } from "../engine.ts";
import { createLedger } from "../ledger.ts";
import { ListenerSet } from "../listeners.ts";
import { createPlan, gaugeName } from "../plan.ts";
import type { Connection } from "../record.ts";
import { listen } from "./listen.ts";
import { NetLoop } from "./loop.ts";

export interface NetEngineOptions extends EngineOptions {
  /** From 0 up to but without 1. */
  readonly random?: () => number;
}

/** The engine on Node's own sockets, in the event loop of whoever makes it. */
export class NetEngine implements Engine {
  readonly name = "net";
  readonly #random: () => number;
  readonly #ledger = createLedger();
  readonly #counters = { downstreamPauses: 0, upstreamPauses: 0 };
  readonly #loop: NetLoop;
  #lastId = 0;
  readonly #listeners: ListenerSet;

  constructor({ observer, clock = systemClock, keepalive, random = Math.random }: NetEngineOptions) {
    this.#random = random;
    this.#loop = new NetLoop({
      worker: 0,
      clock,
      keepalive,
      nextId: () => ++this.#lastId,
      observer: {
        connectionOpened: (connection) => observer.connectionOpened?.(connection),
        connectionClosed: (record) => observer.connectionClosed?.(record),
        connectFailed: (connection, error) => observer.connectFailed?.(connection, error),
        failed: (error) => observer.workerFailed?.({ worker: 0, error: describeError(error), lost: undefined }),
        paused: (side) => this.#counters[side === "downstream" ? "downstreamPauses" : "upstreamPauses"]++,
      },
    });
    this.#listeners = new ListenerSet({
      clock,
      unsupported: whyUnsupported,
      changed: (status) => observer.listenerChanged?.(status),
      open: (key, { bind, bindPort }) =>
        listen(
          { host: bind, port: bindPort },
          {
            accept: (socket) => this.#loop.accept(socket, this.#listeners.current(key)),
            acceptFailed: (error) => observer.acceptFailed?.(error.message),
          },
        ),
    });
  }

  get counters(): Engine["counters"] {
    return this.#counters;
  }

  get connectionCount(): number {
    return this.#loop.connections.size;
  }

  connections(limit = Infinity): Promise<readonly Connection[]> {
    return Promise.resolve([...Iterator.from(this.#loop.connections).take(limit)]);
  }

  active(cluster: string, endpoint?: { readonly address: string; readonly port: number }): number {
    return this.#ledger.value(gaugeName(cluster, endpoint));
  }

  listeners(): readonly ListenerStatus[] {
    return this.#listeners.statuses();
  }

  async apply(snapshot: Snapshot): Promise<void> {
    this.#loop.follow(createPlan(snapshot, { ledger: this.#ledger, random: this.#random }));
    await this.#listeners.update(snapshot.table.listeners);
  }

  stopListening(): Promise<void> {
    return this.#listeners.close();
  }

  idle(): Promise<void> {
    return this.#loop.idle();
  }

  async destroy(): Promise<void> {
    await this.stopListening();
    await this.#loop.abort();
  }
}

/** Why this engine does not serve a listener. */
export function whyUnsupported({ port, chains }: Listener): string | undefined {
  const tls = chains.find(({ protocol }) => protocol === "TLS");
  if (tls === undefined) return undefined;
  const { namespace, name } = tls.gateway;
  return `Port ${port} is not served as server ${tls.server} of Gateway ${namespace}/${name} has protocol TLS, which this version of the gateway does not serve: declare TCP to pass the bytes through`;
}
