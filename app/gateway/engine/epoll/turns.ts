import type { Core } from "./core.ts";
import { flag } from "./fds.ts";

/** Milliseconds until the kernel is asked again that had no memory. */
const SHORTAGE_DELAY = 10;

/** Sockets that go on without an event: those that had their share of a turn, and those that the kernel had no memory for, of which it does not tell again. */
export class Turns {
  readonly #core: Core;
  /** Each behind it its generation. */
  #queue: number[] = [];

  constructor(core: Core) {
    this.#core = core;
  }

  /** Whether there is something to do without waiting. */
  get waiting(): boolean {
    return this.#queue.length > 0;
  }

  /** The socket goes on in the next turn. */
  next(fd: number): void {
    const { fds } = this.#core;
    if (fds.has(fd, flag.queued)) return;
    fds.note(fd, flag.queued);
    this.#queue.push(fd, fds.generation(fd));
  }

  /** The socket goes on when the kernel may have memory again. */
  later(fd: number): void {
    const { fds, alarms } = this.#core;
    const generation = fds.generation(fd);
    alarms.after(SHORTAGE_DELAY, () => {
      if (fds.generation(fd) === generation) this.next(fd);
    });
  }

  /** Gives all that are to go on, and are still there. */
  take(goOn: (fd: number) => void): void {
    if (!this.waiting) return;
    const { fds } = this.#core;
    const queue = this.#queue;
    this.#queue = [];
    for (let index = 0; index < queue.length; index += 2) {
      const fd = queue[index] as number;
      if (fds.generation(fd) !== queue[index + 1]) continue;
      fds.unnote(fd, flag.queued);
      goOn(fd);
    }
  }
}
