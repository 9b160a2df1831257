import { explainIdle, explainMaxDuration } from "../details.ts";
import type { Core } from "./core.ts";
import type { Endings } from "./endings.ts";

/** How long connections may be silent, and last. A byte that passes is only noted; the deadline looks at it when it is due. */
export class Lifetimes {
  readonly #core: Core;
  readonly #endings: Endings;

  constructor(core: Core, endings: Endings) {
    this.#core = core;
    this.#endings = endings;
  }

  /** Counts from now on. */
  begin(slot: number): void {
    const { table, now } = this.#core;
    table.activeAt[slot] = now;
    table.endsAt[slot] = now + (table.upstreams[slot]?.cluster.trafficPolicy.maxConnectionDuration ?? Infinity);
    this.#wait(slot);
  }

  /** A deadline has passed: the connection ends, or has another one. */
  expire(slot: number): void {
    const { table, now } = this.#core;
    const policy = table.upstreams[slot]?.cluster.trafficPolicy;
    if (policy === undefined) return;
    const { idleTimeout, maxConnectionDuration } = policy;
    if (maxConnectionDuration !== undefined && (table.endsAt[slot] as number) <= now) {
      const detail = explainMaxDuration(maxConnectionDuration);
      this.#endings.abort(slot, "max_connection_duration", "gateway", "timeout", detail);
    } else if (idleTimeout > 0 && (table.activeAt[slot] as number) + idleTimeout <= now) {
      this.#endings.abort(slot, "idle_timeout", "gateway", "timeout", explainIdle(idleTimeout));
    } else this.#wait(slot);
  }

  #wait(slot: number): void {
    const { table, wheel } = this.#core;
    const idleTimeout = table.upstreams[slot]?.cluster.trafficPolicy.idleTimeout ?? 0;
    const idleAt = idleTimeout > 0 ? (table.activeAt[slot] as number) + idleTimeout : Infinity;
    const due = Math.min(idleAt, table.endsAt[slot] as number);
    if (due < Infinity) wheel.set(slot, due);
  }
}
