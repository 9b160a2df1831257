import type { Outcome } from "../../health/outlier.ts";
import { processTime } from "../../shared/rows.ts";
import type { Core } from "./core.ts";

/** Tells outlier detection how a connection's endpoint does, and others where that leaves the endpoint out. */
export function reportOutcome({ table, options }: Core, slot: number, outcome: Outcome, detail: string): void {
  const upstream = table.upstreams[slot];
  const host = table.hosts[slot];
  if (upstream?.outliers === undefined || host === undefined) return;
  if (!upstream.outliers.report(host.row, outcome, processTime())) return;
  options.observer.healthChanged?.({ cluster: upstream.cluster, endpoint: host.endpoint, change: "ejected", detail });
}
