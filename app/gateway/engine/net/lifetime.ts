import type { Clock } from "../../clock.ts";
import type { TrafficPolicy } from "../../../../routing/table.ts";

/** How long a connection may be silent, and last. */
export class Lifetime {
  readonly #clock: Clock;
  #activeAt: number;
  #cancelIdle: (() => void) | undefined;
  #cancelEnd: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#activeAt = clock.monotonic();
  }

  /** A byte passed: only its time is noted, and the timer looks at it when it is due. */
  active(): void {
    this.#activeAt = this.#clock.monotonic();
  }

  /** Counts from now on; `over` is called once at most. */
  begin(
    { idleTimeout, maxConnectionDuration }: TrafficPolicy,
    over: (reason: "idle_timeout" | "max_connection_duration", detail: string) => void,
  ): void {
    this.active();
    if (idleTimeout > 0) {
      this.#watchIdle(idleTimeout, idleTimeout, () => over("idle_timeout", `No byte either way for ${idleTimeout} ms`));
    }
    if (maxConnectionDuration !== undefined) {
      this.#cancelEnd = this.#clock.after(maxConnectionDuration, () =>
        over("max_connection_duration", `Open for ${maxConnectionDuration} ms`),
      );
    }
  }

  end(): void {
    this.#cancelIdle?.();
    this.#cancelEnd?.();
  }

  #watchIdle(limit: number, delay: number, over: () => void): void {
    this.#cancelIdle = this.#clock.after(delay, () => {
      const idle = this.#clock.monotonic() - this.#activeAt;
      if (idle < limit) this.#watchIdle(limit, Math.ceil(limit - idle), over);
      else over();
    });
  }
}
