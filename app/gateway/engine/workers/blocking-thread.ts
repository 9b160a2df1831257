import { loadLibc, type Libc } from "../../native/libc.ts";
import { closeDescriptors, createDescriptors } from "../epoll/descriptors.ts";
import type { BlockingLoopOptions } from "../loop.ts";
import type { SeatSettings } from "./protocol.ts";
import { Totals } from "./totals.ts";

/** What the main thread holds of a worker whose loop sits in the kernel and not in Node's event loop. */
export class BlockingThread {
  readonly options: Pick<BlockingLoopOptions, "wake" | "descriptors">;
  readonly #libc: Libc;
  readonly #totals: Totals;
  #closed = false;

  /** @throws where there is no file descriptor left for it */
  constructor({ totals, index }: SeatSettings) {
    const libc = loadLibc();
    if (libc === undefined) throw new Error("this machine cannot wake a thread that waits in epoll");
    this.#libc = libc;
    this.#totals = new Totals(totals, index);
    this.options = { wake: libc.eventfd(), descriptors: createDescriptors() };
  }

  /** As {@link WorkerStatus}. */
  get active(): number {
    return this.#totals.read("active");
  }

  /** Ends its wait (eventfd(2)), so that it looks after its messages, or its end. */
  wake(): void {
    if (!this.#closed) this.#libc.wake(this.options.wake);
  }

  /** Closes what the thread held, once it is gone. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#libc.close(this.options.wake);
    closeDescriptors(this.options.descriptors, this.#libc);
  }
}
