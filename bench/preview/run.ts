/**
 * How much `pulumi preview` of 500 routes takes with the analysis and without: a stack is deployed (its objects are written to files), then previewed in turns.
 *
 *     node bench/preview/run.ts [ROUNDS]
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { provide, terminalProgress } from "../../local/toolchain/index.ts";

const rounds = Number(process.argv[2] ?? 5);
const parent = join(import.meta.dirname, "..", "..", ".local");
await mkdir(parent, { recursive: true });
const folder = await mkdtemp(join(parent, "bench-preview-"));
const { env: toolchain } = await provide(["pulumi"], terminalProgress({ signal: new AbortController().signal }));
const env = {
  ...toolchain,
  PULUMI_BACKEND_URL: `file://${folder}`,
  PULUMI_HOME: join(folder, "home"),
  PULUMI_CONFIG_PASSPHRASE: "bench",
  PULUMI_SKIP_UPDATE_CHECK: "1",
  // Written after each of the thousand objects, the state would take longer than all the rest.
  PULUMI_EXPERIMENTAL: "1",
  PULUMI_SKIP_CHECKPOINTS: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
};

/** Runs Pulumi and gives the seconds that it took. */
async function pulumi(...args: string[]): Promise<number> {
  const start = performance.now();
  const child = spawn("pulumi", ["--cwd", folder, "--non-interactive", ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${text}`);
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

try {
  const main = JSON.stringify(join(import.meta.dirname, "program.ts"));
  await writeFile(
    join(folder, "Pulumi.yaml"),
    "name: bench\nruntime: {name: nodejs, options: {typescript: false}}\nmain: index.ts\n",
  );
  await writeFile(join(folder, "index.ts"), `import ${main};\n`);
  const seconds = new Map<string, number[]>();
  const stacks = ["bare", "analyzed"];
  for (const stack of stacks) {
    await pulumi("stack", "init", stack);
    await pulumi("config", "set", "renderTo", join(folder, stack), "--stack", stack);
    await pulumi("config", "set", "bare", String(stack === "bare"), "--stack", stack);
    await pulumi("up", "--yes", "--skip-preview", "--stack", stack);
    seconds.set(stack, []);
  }
  for (let round = 0; round < rounds; round++) {
    for (const stack of stacks) seconds.get(stack)?.push(await pulumi("preview", "--stack", stack));
  }
  const [bare = NaN, analyzed = NaN] = stacks.map((stack) => median(seconds.get(stack) ?? []));
  const all = stacks.map(
    (stack) => `${stack} ${(seconds.get(stack) ?? []).map((value) => value.toFixed(2)).join(" ")}`,
  );
  console.log(`pulumi preview of 500 routes, seconds: ${all.join("; ")}`);
  console.log(
    `median ${bare.toFixed(2)} s without analysis, ${analyzed.toFixed(2)} s with it: ${(analyzed - bare).toFixed(2)} s more`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
