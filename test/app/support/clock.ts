import type { Clock } from "../../../app/gateway/clock.ts";

/** Time that passes when the test says so. */
export class FakeClock implements Clock {
  #time = 0;
  readonly #timers = new Set<{ readonly at: number; readonly call: () => void }>();
  /** Delays that were asked for, in order. */
  readonly delays: number[] = [];
  readonly #waiting = new Set<() => void>();

  monotonic(): number {
    return this.#time;
  }

  now(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.#time);
  }

  after(delay: number, call: () => void): () => void {
    const timer = { at: this.#time + delay, call };
    this.#timers.add(timer);
    this.delays.push(delay);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
    return () => this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Calls what is due by then, in order. */
  advance(milliseconds: number): void {
    const end = this.#time + milliseconds;
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#time = next.at;
      next.call();
    }
    this.#time = end;
  }

  /** Waits until so many delays have been asked for in all. */
  async asked(count: number): Promise<void> {
    while (this.delays.length < count) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }
}
