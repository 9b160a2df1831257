import type { OutlierDetection } from "../../../routing/table.ts";
import { time, word, type Rows } from "../shared/rows.ts";

/**
 * How an attempt at an endpoint went. `success` is its first byte or its orderly end, not yet that it accepted: one that accepts and resets at once is broken too. What a client does
 * (its reset, its timeout) says nothing of the endpoint.
 */
export type Outcome = "success" | "connect_failure" | "connect_timeout" | "reset";

export interface OutlierRows {
  /** Its count is how many endpoints of the cluster are ejected. */
  readonly cluster: number;
  /** One for each endpoint of the cluster. */
  readonly endpoints: readonly number[];
}

/**
 * Leaves out the endpoints of one cluster that fail in a row, as Envoy's outlier detection does (outlier_detection_impl.cc). The state is in rows that all threads share: any may
 * report, one thread sweeps.
 */
export class OutlierDetector {
  readonly #policy: OutlierDetection;
  readonly #rows: Rows;
  readonly #cluster: number;
  readonly #endpoints: readonly number[];
  /** Endpoints that may be ejected at once. */
  readonly #most: number;

  constructor(policy: OutlierDetection, rows: Rows, { cluster, endpoints }: OutlierRows) {
    this.#policy = policy;
    this.#rows = rows;
    this.#cluster = cluster;
    this.#endpoints = endpoints;
    const allowed = Math.floor((endpoints.length * policy.maxEjectionPercent) / 100);
    this.#most = Math.max(allowed, endpoints.length > 1 ? 1 : 0);
  }

  /**
   * Notes how an attempt went.
   *
   * @param now - `processTime()`
   * @returns whether this ejected the endpoint
   */
  report(endpoint: number, outcome: Outcome, now: number): boolean {
    const rows = this.#rows;
    if (outcome === "success") {
      if (rows.get(endpoint, word.failures) !== 0) rows.set(endpoint, word.failures, 0);
      return false;
    }
    if (rows.get(endpoint, word.ejected) === 1) return false;
    // Of those that report at once exactly one meets the threshold.
    if (rows.add(endpoint, word.failures, 1) !== this.#policy.consecutiveFailures) return false;
    rows.set(endpoint, word.failures, 0);
    return this.#eject(endpoint, now);
  }

  #eject(endpoint: number, now: number): boolean {
    const rows = this.#rows;
    if (!rows.addBelow(this.#cluster, this.#most)) return false;
    const { baseEjectionTime, maxEjectionTime } = this.#policy;
    const times = rows.add(endpoint, word.ejections, 1);
    rows.setTime(endpoint, time.ejectedUntil, now + Math.min(times * baseEjectionTime, maxEjectionTime));
    if (!rows.exchange(endpoint, word.ejected, 0, 1)) {
      rows.add(this.#cluster, word.count, -1);
      return false;
    }
    rows.healthChanged();
    return true;
  }

  /** Takes in again whoever's time is over, and forgets one ejection of whoever has been in all along. To be called by one thread, each {@link OutlierDetection.interval}; gives those that are in again. */
  sweep(now: number): readonly number[] {
    return this.#endpoints.filter((endpoint) => this.#review(endpoint, now));
  }

  #review(endpoint: number, now: number): boolean {
    const rows = this.#rows;
    if (rows.get(endpoint, word.ejected) === 0) {
      const times = rows.get(endpoint, word.ejections);
      const cap = Math.ceil(this.#policy.maxEjectionTime / this.#policy.baseEjectionTime);
      // Beyond the longest ejection further ones do not count.
      if (times > 0) rows.add(endpoint, word.ejections, Math.min(cap, times) - times - 1);
      return false;
    }
    return now >= rows.time(endpoint, time.ejectedUntil) && this.release(endpoint);
  }

  /** Takes in again what the next detector of the cluster does not have: all, where there is none. To be called when a plan replaces another. */
  handOver(next: OutlierDetector | undefined): void {
    const kept = new Set(next === undefined ? [] : next.#endpoints);
    for (const endpoint of this.#endpoints) if (!kept.has(endpoint)) this.release(endpoint);
  }

  /** Takes an endpoint in again now, as a good active check does; says whether it was left out. */
  release(endpoint: number): boolean {
    if (!this.#rows.exchange(endpoint, word.ejected, 1, 0)) return false;
    this.#rows.set(endpoint, word.failures, 0);
    this.#rows.add(this.#cluster, word.count, -1);
    this.#rows.healthChanged();
    return true;
  }
}
