/**
 * `npm run bench`: our gateway beside HAProxy, nginx, Envoy and no proxy at all, in one run.
 *
 *     npm run bench -- [--quick] [--only METRIC,…] [--proxies NAME,…] [--rounds N] [--seconds S] [--workers 1,2] [--json FILE] [--report FOLDER]
 *     npm run bench -- --profile METRIC
 *
 * A full run takes about 25 minutes and leaves its results and report in `bench/results/`; any other leaves none but where `--json` and `--report` say. `--quick` tries
 * everything once, in less than three minutes: its figures mean little. METRIC is a metric or the beginning of some. Exit code 1 when something of ours could not be measured.
 */
import { mkdir, mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { terminalProgress } from "../local/toolchain/index.ts";
import { measureControl } from "./change-to-effect/run.ts";
import { measureDataPlane } from "./dataplane/run.ts";
import { watchMachine } from "./machine.ts";
import { parseOptions, usage } from "./options.ts";
import type { Results, Row } from "./report/row.ts";
import { describeRow } from "./report/text.ts";
import { writeReport } from "./report/write.ts";

const options = parseOptions(process.argv.slice(2));
if (options === undefined) {
  console.error(usage);
  process.exit(2);
}
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

const told = watchMachine();
await using folder = await mkdtempDisposable(join(tmpdir(), "tcp-ingress-bench-"));
const watching = {
  progress: terminalProgress({ signal: stop.signal }),
  onRow: (row: Row) => show(`${describeRow(row)}\n`),
  onRun: (text: string) => void (process.stdout.isTTY && process.stdout.write(`\r\x1b[K${text}`)),
};
try {
  const dataPlane = await measureDataPlane({ ...options, ...watching, folder: folder.path });
  const control = await measureControl({ ...options, ...watching });
  const { quick, rounds, seconds, idleConnections } = options;
  const { engine, network, versions, missing } = dataPlane;
  const machine = { ...told(), quick, rounds, seconds, idleConnections, engine, network, versions, missing };
  await finish({ machine, rows: [...dataPlane.rows, ...control] });
} catch (error) {
  if (!stop.signal.aborted) throw error;
  process.exitCode = 130;
}

async function finish(results: Results): Promise<void> {
  for (const [name, why] of Object.entries(results.machine.missing)) show(`Without ${name}: ${why}\n`);
  if (options?.json !== undefined) {
    await mkdir(dirname(options.json), { recursive: true });
    await writeFile(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  const report = options?.report ?? (options?.whole === true ? join(import.meta.dirname, "results") : undefined);
  if (report !== undefined) show(`Report: ${await writeReport(report, results)}\n`);
  const broken = results.rows.filter(({ invalid }) => "ours" in invalid);
  if (broken.length > 0) process.exitCode = 1;
}

function show(text: string): void {
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}` : text);
}
