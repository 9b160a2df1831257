import type { Gauge, Ledger, Rotation } from "../engine/ledger.ts";
import { createSharedRotation } from "./rotation.ts";
import { word, type Rows } from "./rows.ts";

/** Where names have their rows: {@link Slots} in the main thread, in a worker the map that came with its plan. */
export interface RowDirectory {
  /** Throws where the name has no row and none can be made. */
  row(name: string): number;
  find(name: string): number | undefined;
  /** Names that are no longer in any plan. */
  retain(names: ReadonlySet<string>): void;
}

/** A rotation's row; other weights are another order, and begin anew. */
const rotationName = (name: string, weights: readonly number[]): string => `${name} by ${weights.join()}`;

/** The {@link Ledger} whose counts are the whole pod's. */
export function createSharedLedger(rows: Rows, directory: RowDirectory): Ledger {
  const gauges = new Map<string, Gauge>();
  const rotations = new Map<string, { readonly name: string; readonly rotation: Rotation }>();
  return {
    gauge(name) {
      const row = directory.row(name);
      let gauge = gauges.get(name);
      if (gauge === undefined) gauges.set(name, (gauge = createGauge(rows, row)));
      return gauge;
    },
    value(name) {
      const row = directory.find(name);
      return row === undefined ? 0 : rows.get(row, word.count);
    },
    rotation(name, weights) {
      const full = rotationName(name, weights);
      const row = directory.row(full);
      let entry = rotations.get(name);
      if (entry?.name !== full) {
        rotations.set(name, (entry = { name: full, rotation: createSharedRotation(rows, row, weights) }));
      }
      return entry.rotation;
    },
    retain(names) {
      for (const name of gauges.keys()) if (!names.has(name)) gauges.delete(name);
      for (const name of rotations.keys()) if (!names.has(name)) rotations.delete(name);
      directory.retain(new Set([...gauges.keys(), ...[...rotations.values()].map((entry) => entry.name)]));
    },
  };
}

export function createGauge(rows: Rows, row: number): Gauge {
  return {
    get value() {
      return rows.get(row, word.count);
    },
    tryAcquire: (limit) => rows.acquire(row, limit),
    release: () => rows.release(row),
  };
}
