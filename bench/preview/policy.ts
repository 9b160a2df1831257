/**
 * How much `pulumi preview` of stack `prod` takes with the policy pack and without, in turns, as `npm run preview` starts it. Nothing is asked of a cluster: the objects would be written to files.
 *
 *     node bench/preview/policy.ts [ROUNDS]
 */
import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { stringify } from "yaml";
import { withCompileCache } from "../../local/commands/compile-cache.ts";
import { choosePolicy } from "../../local/commands/policy.ts";
import { renderConfig } from "../../local/commands/rendering.ts";
import { readStackFile } from "../../local/commands/stack-file.ts";
import { provide, terminalProgress } from "../../local/toolchain/index.ts";

const stack = "prod";
const rounds = Number(process.argv[2] ?? 5);
const root = join(import.meta.dirname, "..", "..");
await mkdir(join(root, ".local"), { recursive: true });
const folder = await mkdtemp(join(root, ".local", "bench-policy-"));
const { env: toolchain } = await provide(["pulumi"], terminalProgress({ signal: new AbortController().signal }));
const env = {
  ...withCompileCache(toolchain),
  PULUMI_BACKEND_URL: `file://${folder}`,
  PULUMI_HOME: join(folder, "home"),
  PULUMI_CONFIG_PASSPHRASE: "bench",
  PULUMI_SKIP_UPDATE_CHECK: "1",
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
  await copyFile(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  await writeFile(join(folder, "index.ts"), `export * from ${JSON.stringify(join(root, "index.ts"))};\n`);
  await pulumi("stack", "init", stack);
  const { config } = await readStackFile(stack);
  const file = { config: renderConfig(config, join(folder, "rendered")) };
  await writeFile(join(folder, `Pulumi.${stack}.yaml`), stringify(file));
  // Once to fill Node's compile cache.
  await pulumi("preview", "--stack", stack, ...choosePolicy(stack).flags);
  const seconds = { without: [] as number[], with: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    seconds.without.push(await pulumi("preview", "--stack", stack));
    seconds.with.push(await pulumi("preview", "--stack", stack, ...choosePolicy(stack).flags));
  }
  const shown = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(" ");
  console.log(
    `pulumi preview of prod, seconds: without the pack ${shown(seconds.without)}; with it ${shown(seconds.with)}`,
  );
  console.log(`median ${(median(seconds.with) - median(seconds.without)).toFixed(2)} s more with the pack`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
