import type { Snapshot } from "../../../../routing/table.ts";
import type { Credentials } from "../../credentials/credentials.ts";
import { systemClock } from "../../clock.ts";
import { tcpProber } from "../../health/tcp-prober.ts";
import { systemReadings } from "../../limits/readings.ts";
import { describeError, type Engine, type EngineOptions, type ListenerStatus, type WorkerStatus } from "../engine.ts";
import { ListenerSet } from "../listeners.ts";
import { Pod, type EndpointState } from "../pod.ts";
import type { Connection, EndpointTransfer } from "../record.ts";
import { NetLoop } from "./loop.ts";

/** The engine on Node's own sockets, in the event loop of whoever makes it: its one worker. */
export class NetEngine implements Engine {
  readonly name = "net";
  readonly #counters = { downstreamPauses: 0, upstreamPauses: 0 };
  readonly #pod: Pod;
  readonly #loop: NetLoop;
  #lastId = 0;
  readonly #listeners: ListenerSet;

  constructor({
    observer,
    clock = systemClock,
    keepalive,
    readings = systemReadings,
    random = Math.random,
  }: EngineOptions) {
    this.#pod = new Pod({
      workers: 1,
      clock,
      random,
      prober: tcpProber,
      readings,
      healthChanged: (event) => observer.healthChanged?.(event),
      overloadChanged: (event) => observer.overloadChanged?.(event),
      replaced: (before, after) => this.#loop.replaced(before, after),
    });
    this.#loop = new NetLoop({
      worker: 0,
      clock,
      keepalive,
      plan: this.#pod.plan,
      admission: this.#pod.admission,
      nextId: () => ++this.#lastId,
      observer: {
        connectionOpened: (connection) => observer.connectionOpened?.(connection),
        connectionClosed: (record) => observer.connectionClosed?.(record),
        connectFailed: (connection, error) => observer.connectFailed?.(connection, error),
        healthChanged: (event) => observer.healthChanged?.(event),
        acceptFailed: (error) => observer.acceptFailed?.(error),
        failed: (error) => observer.workerFailed?.({ worker: 0, error: describeError(error), lost: undefined }),
        paused: (side) => this.#counters[side === "downstream" ? "downstreamPauses" : "upstreamPauses"]++,
      },
    });
    this.#listeners = new ListenerSet({
      clock,
      changed: (status) => observer.listenerChanged?.(status),
      open: (key, { bind, bindPort }) => this.#loop.listenAt(key, { host: bind, port: bindPort }),
    });
  }

  get counters(): Engine["counters"] {
    return this.#counters;
  }

  get connectionCount(): number {
    return this.#loop.connectionCount;
  }

  connections(limit?: number): Promise<readonly Connection[]> {
    return Promise.resolve(this.#loop.connections(limit));
  }

  transfers(): Promise<readonly EndpointTransfer[]> {
    return Promise.resolve(this.#loop.transfers());
  }

  workers(): readonly WorkerStatus[] {
    return [
      {
        worker: 0,
        engine: this.name,
        connections: this.connectionCount,
        active: performance.eventLoopUtilization().active,
      },
    ];
  }

  active(cluster: string, endpoint?: { readonly address: string; readonly port: number }): number {
    return this.#pod.active(cluster, endpoint);
  }

  endpoint(cluster: string, endpoint: { readonly address: string; readonly port: number }): EndpointState {
    return this.#pod.endpoint(cluster, endpoint);
  }

  listeners(): readonly ListenerStatus[] {
    return this.#listeners.statuses();
  }

  async apply(snapshot: Snapshot): Promise<void> {
    this.#pod.follow(snapshot);
    this.#pod.acknowledged(snapshot.version);
    await this.#listeners.update(snapshot.table.listeners);
    this.#pod.resourcesChanged();
  }

  setCredentials(credentials: Credentials): Promise<void> {
    this.#loop.trust(credentials);
    return Promise.resolve();
  }

  stopListening(): Promise<void> {
    return this.#listeners.close();
  }

  idle(): Promise<void> {
    return this.#loop.idle();
  }

  async destroy(): Promise<void> {
    this.#pod.close();
    await this.stopListening();
    await this.#loop.abort();
  }
}
