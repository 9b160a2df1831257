import type { Snapshot } from "../../../routing/table.ts";
import type { Clock } from "../clock.ts";
import type { Prober } from "../health/active-check.ts";
import { HealthMonitor, type HealthEvent } from "../health/monitor.ts";
import { Admission } from "../limits/admission.ts";
import { OverloadGuard, type OverloadEvent } from "../limits/overload.ts";
import type { Readings } from "../limits/readings.ts";
import type { MapDelta } from "../shared/map-delta.ts";
import { createSharedRows, processTime, Rows, word, type SharedRows } from "../shared/rows.ts";
import { Slots } from "../shared/slots.ts";
import { createSharedSources, Sources, type SharedSources } from "../shared/sources.ts";
import { difference, noParts, partsOf, type SnapshotDelta } from "./delta.ts";
import { Plan } from "./plan.ts";
import { gaugeName, type Upstream } from "./upstream.ts";

/** What all workers count in together; structured clones of it are the same memory. */
export interface PodMemory {
  readonly rows: SharedRows;
  readonly sources: SharedSources;
}

/** What a worker is sent of a new snapshot. */
export interface PlanChange {
  readonly delta: SnapshotDelta;
  /** Rows of the names that the plan counts by. */
  readonly rows: MapDelta<number>;
}

/** What is known of an endpoint, of all workers together. */
export interface EndpointState {
  readonly connections: number;
  /** Left out by outlier detection. */
  readonly ejected: boolean;
  /** Left out by active checks. */
  readonly failingChecks: boolean;
}

export interface PodOptions {
  readonly workers: number;
  readonly clock: Clock;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  readonly prober: Prober;
  readonly readings: Readings;
  readonly healthChanged: (event: HealthEvent) => void;
  readonly overloadChanged: (event: OverloadEvent) => void;
  /** Told of each cluster whose part of the plan is another one. */
  readonly replaced?: (before: Upstream | undefined, after: Upstream | undefined) => void;
}

/** What is the whole pod's, as the main thread keeps it: counts, limits, health, and the plan that all workers follow. */
export class Pod {
  readonly memory: PodMemory;
  readonly rows: Rows;
  readonly plan: Plan;
  readonly admission: Admission;
  readonly #sources: Sources;
  readonly #slots: Slots;
  readonly #health: HealthMonitor;
  readonly #guard: OverloadGuard;
  #parts = noParts;

  constructor({ workers, clock, random, prober, readings, healthChanged, overloadChanged, replaced }: PodOptions) {
    this.memory = { rows: createSharedRows(workers), sources: createSharedSources(workers) };
    this.rows = new Rows(this.memory.rows, 0);
    this.#sources = new Sources(this.memory.sources, 0);
    this.admission = new Admission(this.rows, this.#sources);
    this.#slots = new Slots(this.rows, processTime);
    this.#health = new HealthMonitor({ rows: this.rows, clock, random, prober, changed: healthChanged });
    this.#guard = new OverloadGuard({ rows: this.rows, readings, clock, changed: overloadChanged });
    this.plan = new Plan({
      rows: this.rows,
      directory: this.#slots,
      now: processTime,
      random,
      replaced: (before, after) => {
        this.#health.replaced(before, after);
        replaced?.(before, after);
      },
    });
  }

  /** Plans by a snapshot from now on; gives what a worker needs that has the one before. */
  follow(snapshot: Snapshot): PlanChange {
    const parts = partsOf(snapshot);
    const delta = difference(snapshot.version, this.#parts, parts);
    this.#parts = parts;
    this.plan.change(delta);
    return { delta, rows: this.#slots.changes() };
  }

  /** What a worker needs that knows nothing yet. */
  get whole(): PlanChange {
    return {
      delta: difference(this.plan.version, noParts, this.#parts),
      rows: { deleted: [], set: this.#slots.entries() },
    };
  }

  /** Every worker has the plan of this version. */
  acknowledged(version: number): void {
    this.#slots.acknowledged(version);
  }

  /** Open connections of a cluster, or of one of its endpoints. */
  active(cluster: string, endpoint?: { readonly address: string; readonly port: number }): number {
    return this.#read(gaugeName(cluster, endpoint), word.count);
  }

  endpoint(cluster: string, endpoint: { readonly address: string; readonly port: number }): EndpointState {
    const name = gaugeName(cluster, endpoint);
    return {
      connections: this.#read(name, word.count),
      ejected: this.#read(name, word.ejected) === 1,
      failingChecks: this.#read(name, word.unhealthy) === 1,
    };
  }

  /** What a worker held that is no more is free again. */
  forfeit(worker: number): void {
    this.rows.forfeit(worker);
    this.#sources.forfeit(worker);
  }

  /** Threads and listeners have been opened or closed, which have file descriptors as well. */
  resourcesChanged(): void {
    this.#guard.look();
  }

  /** Ends checks and timers. */
  close(): void {
    this.#health.close();
    this.#guard.close();
  }

  #read(name: string, field: Parameters<Rows["get"]>[1]): number {
    const row = this.#slots.find(name);
    return row === undefined ? 0 : this.rows.get(row, field);
  }
}
