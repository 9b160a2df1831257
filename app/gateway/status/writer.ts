/** Brings status to the API server: never more than it can bear, each object at most once a second, and only what differs from what is stored. */
import { declaredKindOf } from "../../../routing/schema/index.ts";
import { ApiError, type ApiServer, type ApiWriter } from "../control/api-server.ts";
import { Backoff } from "../control/backoff.ts";
import type { RawObject } from "../control/list.ts";
import type { Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";

/** Milliseconds between the starts of two writes, so that at most 50 a second are begun; so many may be made up for after a pause. */
const INTERVAL = 20;
const BURST = 25;
/** Writes at one time. */
const CONCURRENCY = 4;
/** Milliseconds that an object rests after a write. */
const REST = 1000;

/** An object with its status, as it is stored. */
export interface StoredObject extends RawObject {
  readonly status?: unknown;
}

/** An object whose status is to be written. */
export interface StatusTarget {
  readonly key: string;
  /** Of the object at the API server, without `/status`. */
  readonly path: string;
  /** What is to be stored, of what is; the same value where nothing changes. */
  merge(status: unknown): unknown;
}

/** What is counted. */
export interface StatusCounters {
  written(): void;
  /** Somebody else had changed the object since it was read. */
  conflicted(): void;
  failed(): void;
}

export interface StatusWriterOptions {
  readonly api: ApiServer & ApiWriter;
  readonly clock: Clock;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly counters: StatusCounters;
}

interface Task {
  readonly target: StatusTarget;
  /** As a watch or a list has just told; undefined: it is read first. */
  readonly stored: StoredObject | undefined;
  readonly backoff: Backoff;
}

/** Writes the status of objects, one after the other. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #stop = new AbortController();
  /** By key, in the order in which they came. */
  readonly #waiting = new Map<string, Task>();
  /** Being written, or at rest after it; with what has come since. */
  readonly #busy = new Map<string, Task | undefined>();
  readonly #running = new Set<Promise<void>>();
  /** When the next write may begin, by the clock. */
  #next = -Infinity;
  #cancelPump: (() => void) | undefined;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  /** Objects whose status is not written yet. */
  get pending(): number {
    return this.#waiting.size + this.#busy.size;
  }

  /** Sees to it that an object's status is as the target has it; a newer target takes the place of an older one. */
  put(target: StatusTarget, stored?: StoredObject): void {
    if (this.#stop.signal.aborted) return;
    const task = { target, stored, backoff: new Backoff(this.#options.random) };
    // What is known of a busy object will have been overtaken by the write.
    if (this.#busy.has(target.key)) this.#busy.set(target.key, { ...task, stored: undefined });
    else this.#waiting.set(target.key, task);
    this.#pump();
  }

  /** Begins no more writes, and resolves when those that have begun are over. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#cancelPump?.();
    this.#waiting.clear();
    this.#busy.clear();
    await Promise.all(this.#running);
  }

  #pump(): void {
    const { clock } = this.#options;
    while (this.#running.size < CONCURRENCY && this.#cancelPump === undefined) {
      const [task] = this.#waiting.values();
      if (task === undefined) return;
      const wait = this.#next - clock.monotonic();
      if (wait > 0) {
        this.#cancelPump = clock.after(wait, () => {
          this.#cancelPump = undefined;
          this.#pump();
        });
        return;
      }
      this.#next = Math.max(this.#next, clock.monotonic() - BURST * INTERVAL) + INTERVAL;
      this.#waiting.delete(task.target.key);
      this.#busy.set(task.target.key, undefined);
      const running = this.#run(task).finally(() => {
        this.#running.delete(running);
        this.#pump();
      });
      this.#running.add(running);
    }
  }

  async #run(task: Task): Promise<void> {
    const { key } = task.target;
    try {
      const wrote = await this.#write(task);
      this.#rest(key, wrote ? REST : 0, undefined);
    } catch (error) {
      this.#fail(task, error);
    }
  }

  /** Whether there was anything to write. */
  async #write({ target, stored }: Task): Promise<boolean> {
    const { api, counters } = this.#options;
    // A write that has begun is ended: only what has not begun is called off.
    const { signal } = new AbortController();
    const current =
      stored ?? ((await api.get(target.path, new URLSearchParams(), "application/json", signal)) as StoredObject);
    const status = target.merge(current.status);
    if (status === current.status) return false;
    const { apiVersion, metadata } = current;
    // What a watch tells of goes by our own name for its kind.
    const kind = declaredKindOf(current.kind);
    const { name, namespace, resourceVersion } = metadata;
    const body = { apiVersion, kind, metadata: { name, namespace, resourceVersion }, status };
    await api.send("PUT", `${target.path}/status`, body, signal);
    counters.written();
    return true;
  }

  #fail(task: Task, error: unknown): void {
    const { counters, logger } = this.#options;
    const { target, backoff } = task;
    const status = error instanceof ApiError ? error.status : undefined;
    if (status === 404) {
      this.#rest(target.key, 0, undefined);
      return;
    }
    const again = { target, stored: undefined, backoff };
    if (status === 409) {
      counters.conflicted();
      this.#rest(target.key, backoff.next(), again);
      return;
    }
    counters.failed();
    const text = error instanceof Error ? error.message : String(error);
    // What the server finds wrong stays wrong: the next change may mend it.
    const wrong = status === 400 || status === 422;
    logger.warn(
      { object: target.key, error: text },
      `Cannot write the status of ${target.key}${wrong ? "" : ": trying again"}`,
    );
    this.#rest(target.key, backoff.next(), wrong ? undefined : again);
  }

  /** Lets an object rest, and goes on with what has come in the meantime, or with what is to be tried again. */
  #rest(key: string, delay: number, again: Task | undefined): void {
    if (this.#stop.signal.aborted) return;
    const end = (): void => {
      const next = this.#busy.get(key) ?? again;
      this.#busy.delete(key);
      if (next === undefined) return;
      this.#waiting.set(key, next);
      this.#pump();
    };
    if (delay === 0) end();
    else this.#options.clock.after(delay, () => this.#stop.signal.aborted || end());
  }
}
