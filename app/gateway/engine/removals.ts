import type { Endpoint } from "../../../routing/table.ts";
import type { Clock } from "../clock.ts";
import { gaugeName, type Upstream } from "./upstream.ts";

/** Endpoints that are gone and whose connections live on for a time (`closeRemovedAfter`). */
export class Removals {
  readonly #clock: Clock;
  readonly #due: (cluster: string, endpoint: Endpoint, grace: number) => void;
  readonly #pending = new Map<string, () => void>();

  /** @param due - told when an endpoint has been gone all that time */
  constructor(clock: Clock, due: (cluster: string, endpoint: Endpoint, grace: number) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  /** A cluster's part of the plan is another one. A cluster that is gone takes no endpoint away: nobody knows of them any more. */
  replaced(before: Upstream | undefined, after: Upstream | undefined): void {
    if (before === undefined || after === undefined) return;
    const { name, trafficPolicy } = after.cluster;
    const { closeRemovedAfter: grace } = trafficPolicy;
    if (grace === undefined && this.#pending.size === 0) return;
    const present = new Set(after.hosts.map(({ endpoint }) => gaugeName(name, endpoint)));
    for (const key of present) this.#cancel(key);
    if (grace === undefined) return;
    for (const { endpoint } of before.hosts) {
      const key = gaugeName(name, endpoint);
      if (!present.has(key)) this.#begin(key, grace, () => this.#due(name, endpoint, grace));
    }
  }

  #begin(key: string, grace: number, due: () => void): void {
    const cancel = this.#clock.after(grace, () => {
      this.#pending.delete(key);
      due();
    });
    this.#pending.set(key, cancel);
  }

  #cancel(key: string): void {
    this.#pending.get(key)?.();
    this.#pending.delete(key);
  }
}
