import { parseArgs } from "node:util";
import { idleConnections } from "./dataplane/idle-connections.ts";

/** What `npm run bench` was told. */
export interface Options {
  readonly quick: boolean;
  /** Whether a metric is wanted. */
  readonly metrics: (metric: string) => boolean;
  readonly proxies: (name: string) => boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUp: boolean;
  readonly workers: readonly number[];
  readonly idleConnections: number;
  readonly json?: string | undefined;
  /** Folder for results and report. */
  readonly report?: string | undefined;
  /** The metric whose load is profiled instead of measured. */
  readonly profile?: string | undefined;
  /** Whether everything is measured, as the tracked results are. */
  readonly whole: boolean;
}

export const usage = `Usage: npm run bench -- [--quick] [--only METRIC,…] [--proxies NAME,…] [--rounds N] [--seconds S] [--workers 1,2] [--json FILE] [--report FOLDER]
       npm run bench -- --profile METRIC`;

/** Reads the command line; absent where it makes no sense. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const values = read(args);
  if (values === undefined) return undefined;
  const { quick, only, proxies, json, report, profile } = values;
  const rounds = Number(values.rounds ?? (quick ? 1 : 5));
  const seconds = Number(values.seconds ?? (quick ? 0.2 : 1.5));
  const workers = (values.workers ?? (quick ? "1" : "1,2")).split(",").map(Number);
  const counts = [rounds, ...workers].every((count) => Number.isInteger(count) && count > 0);
  if (!counts || !(seconds > 0)) return undefined;
  const wanted = only?.split(",");
  const named = proxies?.split(",");
  return {
    quick,
    metrics: (metric) => wanted?.some((start) => metric.startsWith(start)) ?? true,
    // Configurations that a peer has beside its first say more than a quick run asks.
    proxies: (name) => named?.includes(name) ?? !(quick && /^(haproxy|nginx|envoy)_/.test(name)),
    rounds,
    seconds,
    warmUp: !quick,
    workers,
    idleConnections: quick ? 500 : idleConnections(),
    json,
    report,
    profile,
    whole: !quick && wanted === undefined && named === undefined,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: "boolean", default: false },
        only: { type: "string" },
        proxies: { type: "string" },
        rounds: { type: "string" },
        seconds: { type: "string" },
        workers: { type: "string" },
        json: { type: "string" },
        report: { type: "string" },
        profile: { type: "string" },
      },
    }).values;
  } catch {
    return undefined;
  }
}
