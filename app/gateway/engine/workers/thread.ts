import type { Worker, WorkerOptions } from "node:worker_threads";
import type { Answer, Envelope, Events, FromWorker, Request, SeatSettings, WorkerSettings } from "./protocol.ts";
import { BlockingThread } from "./blocking-thread.ts";

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
  /** Of a worker whose loop keeps Node's own from running. */
  readonly #blocking: BlockingThread | undefined;
  readonly #calls = new Map<number, Call>();
  #nextCall = 1;
  #ended = false;

  constructor(settings: SeatSettings, spawn: Spawn, { events, died }: ThreadHandlers) {
    this.#blocking = settings.engine === "epoll" ? new BlockingThread(settings) : undefined;
    const workerData: WorkerSettings = { ...settings, blocking: this.#blocking?.options };
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
      this.#blocking?.close();
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
      this.#blocking?.wake();
    }) as Promise<Answer<Type>>;
  }

  /** Milliseconds in which it was not waiting for something to do, since it began. */
  get active(): number {
    return this.#blocking?.active ?? this.#worker.performance.eventLoopUtilization().active;
  }

  /** Ends the thread as it stands; its handlers are not told. Resolves when it is gone. */
  async end(): Promise<void> {
    this.#ended = true;
    const gone = this.#worker.terminate();
    this.#blocking?.wake();
    await gone;
  }

  #settle(message: Exclude<FromWorker, { type: "events" }>): void {
    const call = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if (message.type === "answer") call?.resolve(message.value);
    else call?.reject(new Error(message.error));
  }
}
