import type { Clock } from "../../clock.ts";

interface Alarm {
  readonly due: number;
  readonly call: () => void;
}

/** A clock whose calls the loop makes itself, as Node's timers do not run meanwhile. For what is rare: each look goes through all of them. */
export class Alarms implements Clock {
  readonly #clock: Clock;
  readonly #pending = new Set<Alarm>();
  #next = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  now(): Date {
    return this.#clock.now();
  }

  after(delay: number, call: () => void): () => void {
    const alarm = { due: this.monotonic() + delay, call };
    this.#pending.add(alarm);
    this.#next = Math.min(this.#next, alarm.due);
    return () => this.#pending.delete(alarm);
  }

  /** When there may be something to do next. */
  get next(): number {
    return this.#next;
  }

  /** Makes the calls that are due. */
  ring(now: number): void {
    if (now < this.#next) return;
    const due = [...this.#pending].filter((alarm) => alarm.due <= now);
    for (const alarm of due) this.#pending.delete(alarm);
    this.#next = Math.min(...[...this.#pending].map((alarm) => alarm.due));
    for (const { call } of due) call();
  }
}
