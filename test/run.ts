/**
 * `npm test`: the unit tests, then real protocols and the benchmark's smoke test with programs of the toolchain, then the cluster tests on a cluster of their own, then one summary of all.
 *
 *     node test/run.ts [--unit | --protocols | --cluster] [FILE…]
 *
 * FILE narrows the run to test files whose path contains it. Exit code 1 when anything failed.
 */
import { glob } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { Writable } from "node:stream";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { parseArgs } from "node:util";
import { protocolToolNames, provide, terminalProgress } from "../local/toolchain/index.ts";
import { withTestCluster } from "./cluster/support/environment.ts";
import { Tally } from "./tally.ts";

const root = join(import.meta.dirname, "..");

const { values: only, positionals: filters } = parseArgs({
  options: { unit: { type: "boolean" }, protocols: { type: "boolean" }, cluster: { type: "boolean" } },
  allowPositionals: true,
});

async function testFiles(pattern: string, exclude: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob(pattern, { cwd: root, exclude: (name) => exclude.includes(name) })) found.push(file);
  return found
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(relative(".", filter))))
    .sort()
    .map((file) => join(root, file));
}

/** What the test processes get from whoever set the scene for them. */
interface Inherited {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** A test that takes longer has hung, in milliseconds. */
const patience = { unit: 120_000, protocols: 120_000, cluster: 600_000 };

/** Runs the files, each in a process of its own, and prints what a person wants to see of them. */
async function runFiles(
  files: string[],
  kind: keyof typeof patience,
  tally: Tally,
  inherited?: Inherited,
  screen: NodeJS.WritableStream = process.stdout,
): Promise<void> {
  const concurrency = kind === "unit" ? availableParallelism() : 1;
  const stream = run({ files, concurrency, timeout: patience[kind], cwd: root, ...inherited });
  const shown = stream.compose(spec);
  shown.pipe(screen, { end: false });
  stream.on("test:summary", (summary) => {
    if (summary.file === undefined) tally.add(summary.counts);
  });
  stream.on("test:diagnostic", (event) => tally.note(event));
  stream.on("test:fail", (event) => tally.failure(event));
  await new Promise<void>((resolve, reject) => shown.on("end", resolve).on("error", reject));
}

/**
 * Cluster tests one at a time, as they share the one `default` namespace that the scenario is about; beside them, also one at a time, those under `apart/`, which touch nothing that
 * another test looks at.
 */
async function runClusterFiles(files: string[], tally: Tally, inherited: Inherited): Promise<void> {
  const isApart = (file: string): boolean => relative(root, file).startsWith(join("test", "cluster", "apart"));
  const [apart, together] = [files.filter(isApart), files.filter((file) => !isApart(file))];
  const later: Buffer[] = [];
  const held = new Writable({ write: (chunk: Buffer, _, written) => (later.push(chunk), written()) });
  await Promise.all([
    together.length > 0 && runFiles(together, "cluster", tally, inherited),
    apart.length > 0 && runFiles(apart, "cluster", tally, inherited, together.length > 0 ? held : process.stdout),
  ]);
  process.stdout.write(Buffer.concat(later));
}

const tally = new Tally();
const all = !only.unit && !only.protocols && !only.cluster;
const unitFiles = all || only.unit ? await testFiles("test/**/*.test.ts", ["cluster", "protocols", "smoke"]) : [];
const protocolFiles = all || only.protocols ? await testFiles("test/{protocols,bench/smoke}/*.test.ts", []) : [];
const clusterFiles = all || only.cluster ? await testFiles("test/cluster/**/*.test.ts", []) : [];

if (unitFiles.length + protocolFiles.length + clusterFiles.length === 0) {
  console.error(`No test file fits ${filters.join(" ")}: give a part of a path under test/, or nothing for all`);
  process.exit(2);
}
if (unitFiles.length > 0) await runFiles(unitFiles, "unit", tally);
if (protocolFiles.length > 0) {
  try {
    const { env } = await provide(
      [...protocolToolNames, "iproute2", "bench-load"],
      terminalProgress({ signal: new AbortController().signal }),
    );
    await runFiles(protocolFiles, "protocols", tally, { env });
  } catch (error) {
    tally.setUpFailed("the programs that speak the protocols", error);
  }
}
if (clusterFiles.length > 0) {
  try {
    await withTestCluster((env, signal) => runClusterFiles(clusterFiles, tally, { env, signal }));
  } catch (error) {
    tally.setUpFailed("the test cluster", error);
  }
}
process.exitCode = tally.report();
