import { Worker } from "node:worker_threads";
import type { Listener, Snapshot } from "../../../../routing/table.ts";
import { systemClock } from "../../clock.ts";
import type { Credentials } from "../../credentials/credentials.ts";
import { tcpProber } from "../../health/tcp-prober.ts";
import { systemReadings } from "../../limits/readings.ts";
import { mapDifference } from "../../shared/map-delta.ts";
import {
  describeError,
  type Engine,
  type EngineCounters,
  type EngineName,
  type EngineObserver,
  type EngineOptions,
  type ListenerStatus,
  type WorkerStatus,
} from "../engine.ts";
import { ListenerSet, type OpenListener } from "../listeners.ts";
import { Pod, type EndpointState } from "../pod.ts";
import type { Connection, EndpointTransfer } from "../record.ts";
import { WorkerBooks } from "./books.ts";
import { readRows } from "./connection-rows.ts";
import { Group } from "./group.ts";
import { ListeningSockets } from "./listening-sockets.ts";
import { Placement } from "./placement.ts";
import type { Events } from "./protocol.ts";
import { Seat, type Assignment } from "./seat.ts";
import { ServedListener } from "./served-listener.ts";
import type { Spawn } from "./thread.ts";
import { createTotals, type SharedTotals, type Total } from "./totals.ts";

export interface WorkersEngineOptions extends EngineOptions {
  /** What moves the bytes of all listeners that it can serve; Node's sockets serve the others. `net` by default. */
  readonly engine?: EngineName;
  /** How many of a kind, 1 or more. */
  readonly workers: number;
  readonly spawn?: Spawn;
}

/**
 * The engine whose connections are shared among threads. This thread holds the listening sockets and what all workers count together, and moves no bytes. Where workers of one kind cannot serve all
 * listeners there is another group of them, which is made for the first listener that needs it; a listener is moved from one to the other without a lost connection.
 */
export class WorkersEngine implements Engine {
  readonly name: EngineName;
  readonly #options: Required<Pick<WorkersEngineOptions, "clock" | "random" | "spawn" | "workers">> &
    Pick<EngineOptions, "keepalive">;
  readonly #observer: EngineObserver;
  readonly #shared: SharedTotals;
  readonly #pod: Pod;
  readonly #listeners: ListenerSet;
  /** Those that there have been listeners for, and the one of {@link WorkersEngine.name} from the start. */
  readonly #groups = new Map<EngineName, Group>();
  readonly #placement = new Placement();
  readonly #served = new Map<string, ServedListener>();
  /** Addresses whose sockets are being closed. */
  readonly #closing = new Map<string, Promise<void>>();
  readonly #idle = new Set<() => void>();
  readonly #workers: readonly WorkerBooks[];
  readonly #exiting = (): void => this.#releaseThreads();
  #credentials: Credentials = new Map();
  /** The last snapshot has reached the workers. */
  #followed: Promise<void> = Promise.resolve();
  #destroyed: Promise<void> | undefined;

  constructor({
    engine = "net",
    observer,
    clock = systemClock,
    keepalive,
    readings = systemReadings,
    workers,
    random = Math.random,
    spawn = (program, options) => new Worker(program, options),
  }: WorkersEngineOptions) {
    this.name = engine;
    this.#observer = observer;
    this.#options = { clock, random, spawn, workers, keepalive };
    const seats = workers * kinds(engine).length;
    this.#shared = createTotals(seats);
    this.#workers = Array.from({ length: seats }, (_, index) => new WorkerBooks(this.#shared, index));
    this.#pod = new Pod({
      workers: seats,
      clock,
      random,
      prober: tcpProber,
      readings,
      healthChanged: (event) => observer.healthChanged?.(event),
      overloadChanged: (event) => observer.overloadChanged?.(event),
    });
    this.#listeners = new ListenerSet({
      clock,
      changed: (status) => observer.listenerChanged?.(status),
      open: (key, listener) => this.#open(key, listener),
    });
    this.#group(engine);
    process.on("exit", this.#exiting);
  }

  get counters(): EngineCounters {
    return { downstreamPauses: this.#sum("downstreamPauses"), upstreamPauses: this.#sum("upstreamPauses") };
  }

  get connectionCount(): number {
    return this.#workers.reduce((sum, books) => sum + books.open, 0);
  }

  async connections(limit = Infinity): Promise<readonly Connection[]> {
    const shares = await Promise.all(this.#everyGroup((group) => group.connections(limit)));
    return shares.flat().slice(0, limit);
  }

  async transfers(): Promise<readonly EndpointTransfer[]> {
    return (await Promise.all(this.#everyGroup((group) => group.transfers()))).flat();
  }

  workers(): readonly WorkerStatus[] {
    return this.#everyGroup(({ seats }) => seats).flatMap((seats) =>
      seats.flatMap(({ index, engine, active }) =>
        active === undefined ? [] : { worker: index, engine, connections: this.#books(index).open, active },
      ),
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
    // One after the other, as each change builds on the one before.
    const followed = this.#followed.then(() => this.#follow(snapshot));
    this.#followed = followed.catch(() => undefined);
    await followed;
    await this.#listeners.update(snapshot.table.listeners);
    this.#pod.resourcesChanged();
  }

  async setCredentials(credentials: Credentials): Promise<void> {
    const change = mapDifference(this.#credentials, credentials);
    this.#credentials = credentials;
    await Promise.all(this.#everyGroup((group) => group.trust(change)));
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
    await Promise.all(this.#everyGroup((group) => group.abort()));
    await this.idle();
    await Promise.all(this.#everyGroup((group) => group.end()));
    process.off("exit", this.#exiting);
  }

  async #follow(snapshot: Snapshot): Promise<void> {
    const change = this.#pod.follow(snapshot);
    this.#placement.change(change.delta);
    // Who joins has it from the start.
    const groups = [...this.#groups.values()];
    // Before the others know it, who cannot serve a listener by the new plan has let go of it; and behind that, who could not by the old one takes it.
    await this.#place("net");
    await Promise.all(groups.map((group) => group.apply(change)));
    await this.#place("epoll");
    this.#pod.acknowledged(snapshot.version);
  }

  /** Has all open listeners that are for a kind of workers be served by them. */
  async #place(engine: EngineName): Promise<void> {
    for (const listener of [...this.#served.values()]) {
      if (this.#engineOf(listener.key) !== engine || listener.isServedBy(this.#group(engine))) continue;
      try {
        await listener.serve(this.#group(engine));
      } catch (error) {
        this.#observer.acceptFailed?.(describeError(error));
      }
    }
  }

  /** undefined: nobody is to serve it any more. */
  #engineOf(key: string): EngineName | undefined {
    return this.name === "epoll" ? this.#placement.of(key) : this.name;
  }

  #group(engine: EngineName): Group {
    let group = this.#groups.get(engine);
    if (group === undefined) this.#groups.set(engine, (group = this.#createGroup(engine)));
    return group;
  }

  #createGroup(engine: EngineName): Group {
    const { workers, clock, random, spawn, keepalive } = this.#options;
    const first = kinds(this.name).indexOf(engine) * workers;
    return new Group(
      Array.from(
        { length: workers },
        (_, socket) =>
          new Seat({
            clock,
            random,
            spawn,
            settings: {
              index: first + socket,
              engine,
              keepalive,
              memory: this.#pod.memory,
              totals: this.#shared,
            },
            socket,
            assignment: () => this.#assignment(engine),
            events: (events) => this.#tell(first + socket, events),
            died: (why) => this.#buried(first + socket, why),
          }),
      ),
    );
  }

  #assignment(engine: EngineName): Assignment {
    const group = this.#groups.get(engine);
    return {
      plan: this.#pod.whole,
      credentials: mapDifference(new Map(), this.#credentials),
      listeners: [...this.#served.values()].filter((listener) => group !== undefined && listener.isServedBy(group)),
    };
  }

  #everyGroup<Result>(ask: (group: Group) => Result): Result[] {
    return Array.from(this.#groups.values(), ask);
  }

  #releaseThreads(): void {
    for (const { seats } of this.#groups.values()) for (const seat of seats) seat.releaseThread();
  }

  async #open(key: string, { bind, bindPort }: Listener): Promise<OpenListener> {
    await this.#closing.get(key);
    const sockets = ListeningSockets.open(bind, bindPort, this.#options.workers);
    const listener = new ServedListener(key, sockets);
    this.#served.set(key, listener);
    const close = async (): Promise<void> => {
      this.#served.delete(key);
      const closing = listener.close();
      this.#closing.set(key, closing);
      await closing;
      this.#closing.delete(key);
    };
    try {
      await listener.serve(this.#group(this.#engineOf(key) ?? this.name));
    } catch (error) {
      await close();
      throw error;
    }
    return { boundPort: sockets.port, close };
  }

  #tell(worker: number, { connections, healthChanges, acceptFailures, faults }: Events): void {
    const observer = this.#observer;
    const books = this.#books(worker);
    for (const event of healthChanges) observer.healthChanged?.(event);
    for (const error of acceptFailures) observer.acceptFailed?.(error);
    for (const error of faults) observer.workerFailed?.({ worker, error, lost: undefined });
    readRows(connections, worker, books.references, {
      opened: (connection) => observer.connectionOpened?.(connection),
      connectFailed: (connection, error) => observer.connectFailed?.(connection, error),
      closed: (record) => {
        books.closed();
        observer.connectionClosed?.(record);
      },
    });
    this.#checkIdle();
  }

  /** What a dead worker held is free again. */
  #buried(worker: number, error: string): void {
    this.#pod.forfeit(worker);
    const books = this.#books(worker);
    const lost = books.open;
    books.closed(lost);
    this.#observer.workerFailed?.({ worker, error, lost });
    this.#checkIdle();
  }

  #books(worker: number): WorkerBooks {
    const books = this.#workers[worker];
    if (books === undefined) throw new RangeError(`There is no worker ${worker} among ${this.#workers.length}`);
    return books;
  }

  #checkIdle(): void {
    if (this.connectionCount > 0) return;
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }

  #sum(total: Total): number {
    return this.#workers.reduce((sum, { totals }) => sum + totals.read(total), 0);
  }
}

/** Which workers there may be, in the order of their numbers. */
function kinds(engine: EngineName): readonly EngineName[] {
  return engine === "epoll" ? ["epoll", "net"] : ["net"];
}
