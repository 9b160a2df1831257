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
import { profile } from "./dataplane/profile.ts";
import { measureDataPlane } from "./dataplane/run.ts";
import { watchMachine } from "./machine.ts";
import { parseOptions, usage, type Options } from "./options.ts";
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

await using folder = await mkdtempDisposable(join(tmpdir(), "tcp-ingress-bench-"));
const watching = {
  progress: terminalProgress({ signal: stop.signal }),
  onRow: (row: Row) => show(`${describeRow(row)}\n`),
  onRun: (text: string) => void (process.stdout.isTTY && process.stdout.write(`\r\x1b[K${text}`)),
};
try {
  if (options.profile === undefined) await measure(options);
  else console.log(await profile({ ...watching, metric: options.profile, folder: folder.path }));
} catch (error) {
  if (!stop.signal.aborted) throw error;
  process.exitCode = 130;
}

async function measure({ quick, rounds, seconds, idleConnections, ...others }: Options): Promise<void> {
  const told = watchMachine();
  const chosen = { quick, rounds, seconds, idleConnections };
  const { rows, missing, ...dataPlane } = await measureDataPlane({
    ...others,
    ...chosen,
    ...watching,
    folder: folder.path,
  });
  const left = { ...missing };
  // What was measured before is worth a report in any case.
  const control = await measureControl({ ...others, ...chosen, ...watching }).catch((error: unknown) => {
    stop.signal.throwIfAborted();
    left["the control side"] = error instanceof Error ? error.message : String(error);
    process.exitCode = 1;
    return [];
  });
  await finish({ machine: { ...told(), ...chosen, ...dataPlane, missing: left }, rows: [...rows, ...control] }, others);
}

async function finish(
  results: Results,
  { json, report, whole }: Pick<Options, "json" | "report" | "whole">,
): Promise<void> {
  for (const [name, why] of Object.entries(results.machine.missing)) show(`Without ${name}: ${why}\n`);
  if (json !== undefined) {
    await mkdir(dirname(json), { recursive: true });
    await writeFile(json, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  const folder = report ?? (whole ? join(import.meta.dirname, "results") : undefined);
  if (folder !== undefined) show(`Report: ${await writeReport(folder, results)}\n`);
  if (results.rows.some(({ invalid }) => "ours" in invalid)) process.exitCode = 1;
}

function show(text: string): void {
  process.stdout.write(process.stdout.isTTY ? `\r\x1b[K${text}` : text);
}
