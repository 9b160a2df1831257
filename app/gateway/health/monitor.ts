import type { Cluster, Endpoint } from "../../../routing/table.ts";
import type { Clock } from "../clock.ts";
import type { Upstream } from "../engine/upstream.ts";
import { processTime, word, type Rows } from "../shared/rows.ts";
import type { Host } from "../balance/host.ts";
import { ActiveCheck, type Prober } from "./active-check.ts";

/** What has become of an endpoint. */
export interface HealthEvent {
  readonly cluster: Cluster;
  readonly endpoint: Endpoint;
  /** `ejected` and `returned`: by outlier detection; the others: by active checks, when their verdict changes. */
  readonly change: "ejected" | "returned" | "check_failed" | "check_passed";
  /** Why, where there is something to say. */
  readonly detail: string | undefined;
}

export interface HealthMonitorOptions {
  readonly rows: Rows;
  readonly clock: Clock;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  readonly prober: Prober;
  readonly changed: (event: HealthEvent) => void;
}

interface Watched {
  upstream: Upstream;
  cancelSweep: (() => void) | undefined;
  /** By row of the endpoint. */
  checks: ReadonlyMap<number, ActiveCheck>;
  /** What the checks are made by. */
  policy: string;
}

/** Watches over the endpoints of all clusters, for all workers: takes in again those whose ejection is over, and makes the active checks. For the main thread. */
export class HealthMonitor {
  readonly #options: HealthMonitorOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: HealthMonitorOptions) {
    this.#options = options;
  }

  /** A cluster's part of the plan is another one; undefined: it has none. */
  replaced(before: Upstream | undefined, after: Upstream | undefined): void {
    before?.outliers?.handOver(after?.outliers);
    if (after !== undefined) this.#watch(after);
    else if (before !== undefined) this.#forget(before.cluster.name);
  }

  /** Ends all checks and timers. */
  close(): void {
    for (const name of this.#watched.keys()) this.#forget(name);
  }

  #watch(upstream: Upstream): void {
    const { name, trafficPolicy } = upstream.cluster;
    let watched = this.#watched.get(name);
    if (watched === undefined) {
      if (trafficPolicy.outlierDetection === undefined && trafficPolicy.healthCheck === undefined) return;
      watched = { upstream, cancelSweep: undefined, checks: new Map(), policy: "" };
      this.#watched.set(name, watched);
    }
    watched.upstream = upstream;
    // A sweep that is due stays so, however often the cluster changes.
    if (watched.cancelSweep === undefined) this.#sweepLater(watched);
    this.#check(watched);
  }

  #forget(name: string): void {
    const watched = this.#watched.get(name);
    if (watched === undefined) return;
    this.#watched.delete(name);
    watched.cancelSweep?.();
    for (const [row, check] of watched.checks) this.#stop(row, check);
  }

  #sweepLater(watched: Watched): void {
    const interval = watched.upstream.cluster.trafficPolicy.outlierDetection?.interval;
    watched.cancelSweep =
      interval === undefined ? undefined : this.#options.clock.after(interval, () => this.#sweep(watched));
  }

  #sweep(watched: Watched): void {
    const { outliers, hosts } = watched.upstream;
    const returned = new Set(outliers?.sweep(processTime()));
    for (const host of hosts) if (returned.has(host.row)) this.#tell(watched, host, "returned");
    this.#sweepLater(watched);
  }

  /** A check goes on for as long as the endpoint is there and the policy is the same. */
  #check(watched: Watched): void {
    const { hosts, cluster } = watched.upstream;
    const { healthCheck } = cluster.trafficPolicy;
    const policy = JSON.stringify(healthCheck) ?? "";
    const before = watched.checks;
    const kept = (row: number): ActiveCheck | undefined => (policy === watched.policy ? before.get(row) : undefined);
    const checks = new Map<number, ActiveCheck>();
    for (const [row, check] of before) {
      if (kept(row) === undefined || !hosts.some((host) => host.row === row)) this.#stop(row, check);
    }
    if (healthCheck !== undefined) {
      for (const host of hosts) checks.set(host.row, kept(host.row) ?? this.#start(watched, host, healthCheck));
    }
    watched.checks = checks;
    watched.policy = policy;
  }

  #start(watched: Watched, host: Host, policy: NonNullable<Cluster["trafficPolicy"]["healthCheck"]>): ActiveCheck {
    const { clock, random, prober } = this.#options;
    const check = new ActiveCheck({
      policy,
      endpoint: host.endpoint,
      prober,
      clock,
      random,
      changed: (healthy, why) => {
        this.#mark(host.row, healthy);
        if (healthy && watched.upstream.outliers?.release(host.row)) this.#tell(watched, host, "returned");
        this.#tell(watched, host, healthy ? "check_passed" : "check_failed", why);
      },
    });
    check.start();
    return check;
  }

  #stop(row: number, check: ActiveCheck): void {
    check.stop();
    if (!check.healthy) this.#mark(row, true);
  }

  #mark(row: number, healthy: boolean): void {
    this.#options.rows.set(row, word.unhealthy, healthy ? 0 : 1);
    this.#options.rows.healthChanged();
  }

  #tell({ upstream: { cluster } }: Watched, { endpoint }: Host, change: HealthEvent["change"], detail?: string): void {
    this.#options.changed({ cluster, endpoint, change, detail });
  }
}
