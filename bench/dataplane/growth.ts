import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeRow } from "../report/make-row.ts";
import type { Row } from "../report/row.ts";
import type { Network } from "../network.ts";
import { Fleet } from "./fleet.ts";
import type { LoadResult } from "./load.ts";
import { connectionLoad, idleLoad } from "./loads.ts";
import type { Prepared } from "./prepare.ts";
import { ours, type OursOptions } from "./proxies/ours.ts";

export interface GrowthOptions {
  readonly network: Network;
  readonly common: Prepared["common"];
  /** Folder for configurations and logs. */
  readonly folder: string;
  readonly quick: boolean;
  readonly seconds: number;
  readonly idleConnections: number;
  readonly metrics: (metric: string) => boolean;
  readonly onRow: (row: Row) => void;
  readonly onRun: (text: string) => void;
}

/** What is measured in one size: a gateway that is started for it. */
interface Step {
  readonly memory: string;
  /** Absent where only memory grows. */
  readonly cpu?: string;
  readonly config: OursOptions;
  readonly idle: number;
}

/** Measures how memory, and the CPU time of a connection, grow with endpoints and connections: of our gateway alone. What routes take is measured beside their changes (bench/change-to-effect). */
export async function measureGrowth(options: GrowthOptions): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { memory, cpu, config, idle } of steps(options)) {
    if (![memory, cpu].some((metric) => metric !== undefined && options.metrics(metric))) continue;
    options.onRun(`${memory}: starting`);
    const folder = join(options.folder, memory);
    await using fleet = await Fleet.start({
      ...options.common,
      proxies: { ours: ours("auto", config) },
      network: options.network,
      workers: 1,
      folder,
    });
    const memoryRow = { metric: memory, unit: "MB", figure: memoryFigure, load: idleLoad(idle) };
    const cpuRow = cpu === undefined ? [] : [{ metric: cpu, unit: "us", figure: cpuFigure, load: connectionLoad }];
    for (const { metric, unit, figure, load } of [memoryRow, ...cpuRow]) {
      if (!options.metrics(metric)) continue;
      const measured = new Map<string, readonly number[]>();
      const invalid = new Map(fleet.missing);
      if (invalid.size === 0) {
        // What is to be compiled by V8 is compiled by then.
        if (load === connectionLoad) await fleet.load("ours", load, options);
        const result = await fleet.load("ours", load, options);
        if (result.errors > 0) invalid.set("ours", String(result.error));
        else measured.set("ours", [figure(result)]);
      }
      const row = makeRow({ metric, unit, better: "less", measured, invalid });
      rows.push(row);
      options.onRow(row);
    }
    await rm(folder, { recursive: true });
  }
  return rows;
}

function memoryFigure({ memory }: LoadResult): number {
  return (memory?.["proxy"]?.after.proportional ?? NaN) / 1e6;
}

function cpuFigure({ cpu, units }: LoadResult): number {
  return ((cpu["proxy"] ?? NaN) * 1e6) / units;
}

function steps({ quick, network, idleConnections }: GrowthOptions): readonly Step[] {
  const sizes = quick ? [10] : [10, 1000, 4000];
  // Their addresses are the backend's only where it listens on all.
  const endpoints = network.backendListens !== network.backendAddress ? sizes : [];
  const connections = quick ? [100] : [100, 1000, idleConnections];
  return [
    ...endpoints.map((size): Step => ({
      memory: `memory_mb_endpoints_${size}`,
      cpu: `cpu_per_connection_endpoints_${size}`,
      config: { endpoints: size },
      idle: 1,
    })),
    ...connections.map((idle): Step => ({ memory: `memory_mb_connections_${idle}`, config: {}, idle })),
  ];
}
