import type { Endpoint } from "../../../routing/table.ts";
import { createGauge, type Gauge } from "../shared/gauge.ts";
import { time, word, type Rows } from "../shared/rows.ts";

/** An endpoint as a load balancer sees it (Envoy's word). */
export interface Host {
  readonly endpoint: Endpoint;
  /** Where its state is. */
  readonly row: number;
  /** Open connections, of all workers. */
  readonly gauge: Gauge;
  /** Neither ejected nor failing its checks. */
  readonly healthy: boolean;
  /** When it came, by `processTime()`. */
  readonly since: number;
}

/** A host whose state is a row that all workers share. */
export function createHost(endpoint: Endpoint, rows: Rows, row: number): Host {
  return {
    endpoint,
    row,
    gauge: createGauge(rows, row),
    since: rows.time(row, time.since),
    get healthy() {
      return rows.get(row, word.ejected) === 0 && rows.get(row, word.unhealthy) === 0;
    },
  };
}

export const weightOf = ({ endpoint }: Host): number => endpoint.weight ?? 1;
