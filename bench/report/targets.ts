import type { Row } from "./row.ts";

/** What issue 7 asks for. */
export interface Target {
  /** In words. */
  readonly what: string;
  readonly metric: string;
  /** Ours ÷ this one's has to keep the limit; without it our value itself has to. */
  readonly peer?: string;
  readonly limit: number;
  /** Whether the limit is the most that is good, or the least. */
  readonly is: "most" | "least";
  /** Fewer processors leave the load tools none of their own, and the target says nothing of the proxy. */
  readonly cpus?: number;
  /** What the row says in this matter, where that is neither its ratio nor our value. */
  readonly of?: (row: Row, rows: ReadonlyMap<string, Row>) => number | undefined;
}

/** How a target fared. */
export interface Outcome extends Target {
  readonly unit: string;
  /** Absent where it was not measured. */
  readonly measured: number | undefined;
  readonly reached: boolean | undefined;
}

/** Ours ÷ each peer's at most. */
function atMost(what: string, metric: string, limits: Readonly<Record<string, number>>): Target[] {
  return Object.entries(limits).map(([peer, limit]) => ({ what, metric, peer, limit, is: "most" }));
}

function value(what: string, metric: string, limit: number): Target {
  return { what, metric, limit, is: "most" };
}

const streams = { bulk1: "bulk, 1 connection", bulk8: "bulk, 8 connections", echo8: "echo, 8 connections" } as const;

/** The table "To reach" of issue 7, and what stands below it. */
export const targets: readonly Target[] = [
  ...atMost("CPU per small message, 64 connections", "cpu_per_message_64", { haproxy: 1, nginx: 1, envoy: 0.7 }),
  ...atMost("CPU per small message, 512 connections", "cpu_per_message_512", { haproxy: 0.9, nginx: 0.85, envoy: 0.5 }),
  ...atMost("CPU per connection with one message", "cpu_per_connection", { haproxy: 1, nginx: 1.05, envoy: 0.6 }),
  ...Object.entries(streams).flatMap(([name, words]) =>
    atMost(`CPU per GB, ${words}`, `cpu_per_gb_${name}`, { haproxy: 0.6, nginx: 0.6, envoy: 0.65 }),
  ),
  ...atMost("Total CPU per GB over veth", "total_cpu_per_gb", { haproxy: 0.9, nginx: 0.7, envoy: 0.8 }),
  ...[64, 512].flatMap((connections) =>
    atMost(`p99 at a fixed rate, ${connections} connections`, `p99_us_${connections}`, {
      haproxy: 1.1,
      nginx: 1.1,
      envoy: 0.9,
    }),
  ),
  value("Memory per idle connection", "idle_bytes_per_connection", 512),
  value("Memory all told, with idle connections", "memory_mb_idle", 70),
  ...Object.entries(streams).map(([name, words]): Target => ({
    what: `Throughput of the best peer, ${words}`,
    metric: `rate_${name}`,
    limit: 0.95,
    is: "least",
    of: ({ ratio }) => leastOf(Object.values(ratio)),
  })),
  ...[64, 512].map((connections): Target => ({
    what: `Engine net: CPU per small message, ${connections} connections`,
    metric: `cpu_per_message_${connections}`,
    peer: "haproxy",
    limit: 1.35,
    is: "most",
    of: ({ values }) => quotient(values["ours_net"], values["haproxy"]),
  })),
  {
    what: "Messages of two workers ÷ those of one",
    metric: "rate_message_64_2w",
    limit: 1.7,
    is: "least",
    cpus: 4,
    of: ({ values }, rows) => quotient(values["ours"], rows.get("rate_message_64")?.values["ours"]),
  },
  value("Change to effect with 10,000 routes, p99", "change_to_effect_ms_10000", 100),
  value("Start to ready with 10 routes", "start_to_ready_ms_10", 300),
  value("Start to ready with 1,000 routes", "start_to_ready_ms_1000", 500),
];

/** Holds what was measured, on a machine with so many processors, to the targets. */
export function outcomes(rows: readonly Row[], cpus: number): readonly Outcome[] {
  const byMetric = new Map(rows.map((row) => [row.metric, row]));
  return targets.map((target) => {
    const { metric, peer, limit, is, of } = target;
    const row = cpus < (target.cpus ?? 0) ? undefined : byMetric.get(metric);
    const measured =
      row === undefined
        ? undefined
        : of
          ? of(row, byMetric)
          : peer === undefined
            ? row.values["ours"]
            : row.ratio[peer];
    const reached = measured === undefined ? undefined : is === "most" ? measured <= limit : measured >= limit;
    const unit = peer === undefined && of === undefined ? (row?.unit ?? "") : "×";
    return { ...target, unit, measured, reached };
  });
}

function leastOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.min(...values);
}

function quotient(dividend: number | undefined, divisor: number | undefined): number | undefined {
  return dividend === undefined || divisor === undefined ? undefined : dividend / divisor;
}
