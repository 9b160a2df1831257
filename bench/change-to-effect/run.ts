import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { provide, type Progress } from "../../local/toolchain/index.ts";
import { loopbackNetwork } from "../network.ts";
import { commandLine } from "../process.ts";
import type { Row } from "../report/row.ts";
import { metricsOf, sizesOf, type ControlEvent } from "./measure.ts";

export interface ControlOptions {
  /** Whether a metric is wanted. */
  readonly metrics: (metric: string) => boolean;
  readonly quick: boolean;
  readonly progress: Progress;
  /** Called with each row when it is there, and before each run. */
  readonly onRow: (row: Row) => void;
  readonly onRun: (text: string) => void;
}

/** Measures the control side (see `measure`) in a network namespace, as the gateway's ports are fixed and others may have them. */
export async function measureControl({
  metrics,
  quick,
  progress,
  onRow,
  onRun,
}: ControlOptions): Promise<readonly Row[]> {
  const wanted = sizesOf(quick)
    .flatMap((routes) => Object.values(metricsOf(routes)))
    .filter(metrics);
  if (wanted.length === 0) return [];
  const { env } = await provide(["iproute2"], progress);
  await using network = await loopbackNetwork(env);
  const program = join(import.meta.dirname, "main.ts");
  const args = [program, ...(quick ? ["--quick"] : []), ...wanted];
  const [command, ...rest] = commandLine({ command: process.execPath, args, within: network.client });
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"] });
  const kill = (): boolean => child.kill("SIGTERM");
  progress.signal.addEventListener("abort", kill, { once: true });
  const ended = Promise.withResolvers<number | null>();
  child.once("error", ended.reject).once("close", ended.resolve);
  const said = text(child.stderr);
  const rows: Row[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as ControlEvent;
    if (event.row === undefined) {
      onRun(event.run);
    } else {
      rows.push(event.row);
      onRow(event.row);
    }
  }
  const code = await ended.promise;
  progress.signal.removeEventListener("abort", kill);
  progress.signal.throwIfAborted();
  if (code !== 0) throw new Error(`Cannot measure how long changes take:\n${(await said).trim()}`);
  return rows;
}
