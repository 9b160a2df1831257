import type { Clock } from "../../clock.ts";
import { Backoff } from "../../control/backoff.ts";
import type { Credential } from "../../credentials/credentials.ts";
import type { MapDelta } from "../../shared/map-delta.ts";
import { describeError, type EngineName } from "../engine.ts";
import type { PlanChange } from "../pod.ts";
import type { Connection, EndpointTransfer } from "../record.ts";
import type { ListeningSockets } from "./listening-sockets.ts";
import type { Events, SeatSettings } from "./protocol.ts";
import type { ServedListener } from "./served-listener.ts";
import { Thread, type Spawn } from "./thread.ts";

/** A worker that lived for so many milliseconds was not at fault from its start, so that its successor begins at once. */
const PROVEN = 10_000;

/** All that a worker has to do. */
export interface Assignment {
  readonly plan: PlanChange;
  readonly credentials: MapDelta<Credential>;
  readonly listeners: readonly ServedListener[];
}

export interface SeatOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly spawn: Spawn;
  /** What every worker in this seat is born with. */
  readonly settings: SeatSettings;
  /** Which of a listener's sockets its workers accept from: one in each group does from the same. */
  readonly socket: number;
  /** What a worker that has just been born is to do. */
  readonly assignment: () => Assignment;
  readonly events: (events: Events) => void;
  /** A worker is gone; its successor comes. */
  readonly died: (why: string) => void;
}

/** One worker's place among the others: who dies is replaced, and the successor accepts from the same sockets. */
export class Seat {
  readonly index: number;
  readonly engine: EngineName;
  readonly #options: SeatOptions;
  readonly #backoff: Backoff;
  #thread: Thread | undefined;
  #bornAt = 0;
  #cancelBirth: (() => void) | undefined;
  #ended = false;

  constructor(options: SeatOptions) {
    this.index = options.settings.index;
    this.engine = options.settings.engine;
    this.#options = options;
    this.#backoff = new Backoff(options.random);
    this.#fill();
  }

  /** Resolves when the worker goes by it; at once where there is none, as its successor begins with it. */
  apply(change: PlanChange): Promise<void> {
    return this.#tell((thread) => thread.call({ type: "apply", change }));
  }

  /** Resolves when the worker's new connections go by it. */
  trust(change: MapDelta<Credential>): Promise<void> {
    return this.#tell((thread) => thread.call({ type: "credentials", change }));
  }

  /** Rejects where there is no file descriptor left to share. */
  async listen(key: string, sockets: ListeningSockets): Promise<void> {
    if (this.#thread === undefined) return;
    const fd = sockets.share(this.#options.socket);
    await this.#tell((thread) => thread.call({ type: "listen", key, fd }));
  }

  /** Resolves when nothing waits at the socket any more. */
  unlisten(key: string): Promise<void> {
    return this.#tell((thread) => thread.call({ type: "unlisten", key }));
  }

  async connections(limit: number): Promise<readonly Connection[]> {
    return (await this.#thread?.call({ type: "connections", limit }).catch(() => undefined)) ?? [];
  }

  async transfers(): Promise<readonly EndpointTransfer[]> {
    return (await this.#thread?.call({ type: "transfers" }).catch(() => undefined)) ?? [];
  }

  /** As {@link WorkerStatus}; undefined: there is no worker at the moment. */
  get active(): number | undefined {
    return this.#thread?.active;
  }

  abort(): Promise<void> {
    return this.#tell((thread) => thread.call({ type: "abort" }));
  }

  /** For the end of the process, which waits for its threads: none of them is to wait for anything. */
  releaseThread(): void {
    void this.#thread?.call({ type: "end" }).catch(() => undefined);
  }

  /** Ends the worker, and none comes after it. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#cancelBirth?.();
    await this.#thread?.end();
  }

  #fill(): void {
    const { clock, spawn, settings, assignment, events } = this.#options;
    this.#bornAt = clock.monotonic();
    let thread: Thread;
    try {
      thread = new Thread(settings, spawn, { events, died: (why) => this.#died(why) });
    } catch (error) {
      // There is no file descriptor left for it.
      this.#died(describeError(error));
      return;
    }
    this.#thread = thread;
    const { plan, credentials, listeners } = assignment();
    void this.trust(credentials);
    void this.apply(plan);
    for (const { key, sockets } of listeners)
      this.listen(key, sockets).catch((error: unknown) => this.#dismiss(thread, error));
  }

  /** A worker that does not do what it is told is not to be trusted with the rest. */
  async #tell(order: (thread: Thread) => Promise<unknown>): Promise<void> {
    const thread = this.#thread;
    if (thread === undefined) return;
    try {
      await order(thread);
    } catch (error) {
      await this.#dismiss(thread, error);
    }
  }

  async #dismiss(thread: Thread, error: unknown): Promise<void> {
    if (thread !== this.#thread) return;
    this.#thread = undefined;
    await thread.end();
    this.#died(describeError(error));
  }

  #died(why: string): void {
    if (this.#ended) return;
    this.#thread = undefined;
    const { clock, died } = this.#options;
    died(why);
    if (clock.monotonic() - this.#bornAt >= PROVEN) {
      this.#backoff.reset();
      this.#fill();
    } else this.#cancelBirth = clock.after(this.#backoff.next(), () => this.#fill());
  }
}
