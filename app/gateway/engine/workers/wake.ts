import { loadLibc, type Libc } from "../../native/libc.ts";

/** Ends the wait of a thread that sits in `epoll_wait` (eventfd(2)). */
export class Wake {
  readonly fd: number;
  readonly #libc: Libc;
  #closed = false;

  constructor() {
    const libc = loadLibc();
    if (libc === undefined) throw new Error("this machine cannot wake a thread that waits in epoll");
    this.#libc = libc;
    this.fd = libc.eventfd();
  }

  /** In vain where it is closed. */
  ring(): void {
    if (!this.#closed) this.#libc.wake(this.fd);
  }

  /** Once the thread is gone. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#libc.close(this.fd);
  }
}
