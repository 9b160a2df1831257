import type { TrafficPolicy } from "../../../../routing/table.ts";
import type { Clock } from "../../clock.ts";
import { explainIdle, explainMaxDuration } from "../details.ts";

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
      this.#watchIdle(idleTimeout, idleTimeout, () => over("idle_timeout", explainIdle(idleTimeout)));
    }
    if (maxConnectionDuration !== undefined) {
      this.#cancelEnd = this.#clock.after(maxConnectionDuration, () =>
        over("max_connection_duration", explainMaxDuration(maxConnectionDuration)),
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
