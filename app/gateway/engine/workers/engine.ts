import { Worker } from "node:worker_threads";
import type { Listener, Snapshot } from "../../../../routing/table.ts";
import { systemClock } from "../../clock.ts";
import type { Credentials } from "../../credentials/credentials.ts";
import { tcpProber } from "../../health/tcp-prober.ts";
import { systemReadings } from "../../limits/readings.ts";
import { mapDifference } from "../../shared/map-delta.ts";
import type { Engine, EngineCounters, EngineObserver, EngineOptions, ListenerStatus, WorkerStatus } from "../engine.ts";
import { ListenerSet, type OpenListener } from "../listeners.ts";
import { Pod, type EndpointState } from "../pod.ts";
import type { Connection, EndpointTransfer } from "../record.ts";
import { ListeningSockets } from "./listening-sockets.ts";
import { readRows } from "./connection-rows.ts";
import type { Events } from "./protocol.ts";
import { References } from "./references.ts";
import { Seat } from "./seat.ts";
import type { Spawn } from "./thread.ts";
import { createTotals, Totals, type Total } from "./totals.ts";

export interface WorkersEngineOptions extends EngineOptions {
  /** How many, 1 or more. */
  readonly workers: number;
  readonly spawn?: Spawn;
}

/**
 * The engine whose connections are shared among threads, each with an event loop of its own. This thread holds the listening sockets and what all workers count together, and moves
 * no bytes.
 */
export class WorkersEngine implements Engine {
  readonly name = "net";
  readonly #observer: EngineObserver;
  readonly #totals: readonly Totals[];
  readonly #pod: Pod;
  readonly #listeners: ListenerSet;
  readonly #seats: readonly Seat[];
  readonly #sockets = new Map<string, ListeningSockets>();
  /** Addresses whose sockets are being closed. */
  readonly #closing = new Map<string, Promise<void>>();
  readonly #idle = new Set<() => void>();
  /** Connections of each worker that were told to be over, or are lost. */
  readonly #over: number[];
  readonly #references: readonly References[];
  #credentials: Credentials = new Map();
  #destroyed: Promise<void> | undefined;

  constructor({
    observer,
    clock = systemClock,
    keepalive,
    readings = systemReadings,
    workers,
    random = Math.random,
    spawn,
  }: WorkersEngineOptions) {
    this.#observer = observer;
    const totals = createTotals(workers);
    this.#totals = Array.from({ length: workers }, (_, index) => new Totals(totals, index));
    this.#pod = new Pod({
      workers,
      clock,
      random,
      prober: tcpProber,
      readings,
      healthChanged: (event) => observer.healthChanged?.(event),
      overloadChanged: (event) => observer.overloadChanged?.(event),
    });
    const { memory } = this.#pod;
    this.#listeners = new ListenerSet({
      clock,
      changed: (status) => observer.listenerChanged?.(status),
      open: (key, listener) => this.#open(key, listener),
    });
    this.#over = this.#totals.map(() => 0);
    this.#references = this.#totals.map(() => new References());
    this.#seats = this.#totals.map(
      (_, index) =>
        new Seat(index, {
          clock,
          random,
          spawn: spawn ?? ((program, options) => new Worker(program, options)),
          settings: { index, engine: "net", keepalive, memory, totals },
          assignment: () => ({
            plan: this.#pod.whole,
            credentials: mapDifference(new Map(), this.#credentials),
            sockets: this.#sockets,
          }),
          events: (events) => this.#tell(index, events),
          died: (why) => this.#buried(index, why),
        }),
    );
  }

  get counters(): EngineCounters {
    return { downstreamPauses: this.#sum("downstreamPauses"), upstreamPauses: this.#sum("upstreamPauses") };
  }

  get connectionCount(): number {
    return this.#seats.reduce((sum, { index }) => sum + this.#connectionsOf(index), 0);
  }

  async connections(limit = Infinity): Promise<readonly Connection[]> {
    const shares = await Promise.all(this.#seats.map((seat) => seat.connections(limit)));
    return shares.flat().slice(0, limit);
  }

  async transfers(): Promise<readonly EndpointTransfer[]> {
    return (await Promise.all(this.#seats.map((seat) => seat.transfers()))).flat();
  }

  workers(): readonly WorkerStatus[] {
    return this.#seats.flatMap(({ index, active }) =>
      active === undefined ? [] : { worker: index, connections: this.#connectionsOf(index), active },
    );
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
    const change = this.#pod.follow(snapshot);
    await Promise.all(this.#seats.map((seat) => seat.apply(change)));
    this.#pod.acknowledged(snapshot.version);
    await this.#listeners.update(snapshot.table.listeners);
    this.#pod.resourcesChanged();
  }

  async setCredentials(credentials: Credentials): Promise<void> {
    const change = mapDifference(this.#credentials, credentials);
    this.#credentials = credentials;
    await Promise.all(this.#seats.map((seat) => seat.trust(change)));
  }

  stopListening(): Promise<void> {
    return this.#listeners.close();
  }

  idle(): Promise<void> {
    if (this.connectionCount === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.add(resolve));
  }

  destroy(): Promise<void> {
    this.#destroyed ??= this.#destroy();
    return this.#destroyed;
  }

  async #destroy(): Promise<void> {
    this.#pod.close();
    await this.stopListening();
    await Promise.all(this.#seats.map((seat) => seat.abort()));
    await this.idle();
    await Promise.all(this.#seats.map((seat) => seat.end()));
  }

  async #open(key: string, { bind, bindPort }: Listener): Promise<OpenListener> {
    await this.#closing.get(key);
    const sockets = ListeningSockets.open(bind, bindPort, this.#seats.length);
    this.#sockets.set(key, sockets);
    const close = async (): Promise<void> => {
      this.#sockets.delete(key);
      // From here on the workers' are the last descriptors, so that nothing comes after a queue was found empty.
      sockets.close();
      const closing = Promise.all(this.#seats.map((seat) => seat.unlisten(key))).then(() => undefined);
      this.#closing.set(key, closing);
      await closing;
      this.#closing.delete(key);
    };
    try {
      await Promise.all(this.#seats.map((seat) => seat.listen(key, sockets)));
    } catch (error) {
      await close();
      throw error;
    }
    return { boundPort: sockets.port, close };
  }

  #tell(worker: number, { connections, healthChanges, acceptFailures, faults }: Events): void {
    const observer = this.#observer;
    for (const event of healthChanges) observer.healthChanged?.(event);
    for (const error of acceptFailures) observer.acceptFailed?.(error);
    for (const error of faults) observer.workerFailed?.({ worker, error, lost: undefined });
    let over = 0;
    readRows(connections, worker, this.#references[worker] as References, {
      opened: (connection) => observer.connectionOpened?.(connection),
      connectFailed: (connection, error) => observer.connectFailed?.(connection, error),
      closed: (record) => {
        over++;
        observer.connectionClosed?.(record);
      },
    });
    this.#over[worker] = (this.#over[worker] ?? 0) + over;
    this.#checkIdle();
  }

  /** What a dead worker held is free again. */
  #buried(worker: number, error: string): void {
    this.#pod.forfeit(worker);
    const lost = this.#connectionsOf(worker);
    this.#over[worker] = (this.#over[worker] ?? 0) + lost;
    this.#observer.workerFailed?.({ worker, error, lost });
    this.#checkIdle();
  }

  #connectionsOf(worker: number): number {
    return (this.#totals[worker]?.read("accepted") ?? 0) - (this.#over[worker] ?? 0);
  }

  #checkIdle(): void {
    if (this.connectionCount > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }

  #sum(total: Total): number {
    return this.#totals.reduce((sum, totals) => sum + totals.read(total), 0);
  }
}
