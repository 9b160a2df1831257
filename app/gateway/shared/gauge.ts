import { word, type Rows } from "./rows.ts";

/** How many of something are in use, by all workers together. */
export interface Gauge {
  readonly value: number;
  /** Takes one unless `limit` are taken already. */
  tryAcquire(limit: number): boolean;
  release(): void;
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
