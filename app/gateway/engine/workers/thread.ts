import type { Worker, WorkerOptions } from "node:worker_threads";
import type { Answer, Envelope, Events, FromWorker, Request, SeatSettings, WorkerSettings } from "./protocol.ts";
import { Totals } from "./totals.ts";
import { Wake } from "./wake.ts";

export interface ThreadHandlers {
  readonly events: (events: Events) => void;
  /** The thread is gone without having been asked to; called once. */
  readonly died: (why: string) => void;
}

export type Spawn = (program: URL, options: WorkerOptions) => Worker;

/** Beside this file, whatever it was compiled or bundled to. */
const program = new URL(`./worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);

interface Call {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A worker as the main thread sees it. */
export class Thread {
  readonly #worker: Worker;
  /** Its `active` is the worker's own count; undefined: Node's is right. */
  readonly #totals: Totals | undefined;
  readonly #wake: Wake | undefined;
  readonly #calls = new Map<number, Call>();
  #nextCall = 1;
  #ended = false;

  constructor(settings: SeatSettings, spawn: Spawn, { events, died }: ThreadHandlers) {
    const blocking = settings.engine === "epoll";
    this.#totals = blocking ? new Totals(settings.totals, settings.index) : undefined;
    this.#wake = blocking ? new Wake() : undefined;
    const workerData: WorkerSettings = { ...settings, wake: this.#wake?.fd };
    this.#worker = spawn(program, { workerData, name: `worker ${settings.index}` });
    let why: string | undefined;
    this.#worker.on("message", (message: FromWorker) => {
      if (message.type === "events") events(message.events);
      else this.#settle(message);
    });
    this.#worker.on("error", (error: Error) => (why = error.stack ?? error.message));
    this.#worker.on("exit", (code) => {
      const expected = this.#ended;
      this.#ended = true;
      this.#wake?.close();
      for (const { reject } of this.#calls.values()) reject(new Error("The worker is gone"));
      this.#calls.clear();
      if (!expected) died(why ?? `exit code ${code}`);
    });
  }

  /** Rejects where the worker cannot do it, or is gone. */
  call<Type extends Request["type"]>(request: Request & { readonly type: Type }): Promise<Answer<Type>> {
    if (this.#ended) return Promise.reject(new Error("The worker is gone"));
    const id = this.#nextCall++;
    return new Promise<unknown>((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request } satisfies Envelope);
      this.#wake?.ring();
    }) as Promise<Answer<Type>>;
  }

  /** Milliseconds in which it was not waiting for something to do, since it began. */
  get active(): number {
    return this.#totals?.read("active") ?? this.#worker.performance.eventLoopUtilization().active;
  }

  /** Ends the thread as it stands; its handlers are not told. Resolves when it is gone. */
  async end(): Promise<void> {
    this.#ended = true;
    const gone = this.#worker.terminate();
    this.#wake?.ring();
    await gone;
  }

  #settle(message: Exclude<FromWorker, { type: "events" }>): void {
    const call = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if (message.type === "answer") call?.resolve(message.value);
    else call?.reject(new Error(message.error));
  }
}
