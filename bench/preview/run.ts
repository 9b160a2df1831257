/**
 * How much `pulumi preview` of 500 routes takes with the analysis and without: a stack is deployed (its objects are written to files), then previewed in turns.
 *
 *     node bench/preview/run.ts [ROUNDS]
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { median } from "../report/statistics.ts";
import { Workspace } from "./workspace.ts";

const rounds = Number(process.argv[2] ?? 5);
await using workspace = await Workspace.create((toolchain) => ({
  ...toolchain,
  // Written after each of the thousand objects, the state would take longer than all the rest.
  PULUMI_EXPERIMENTAL: "1",
  PULUMI_SKIP_CHECKPOINTS: "true",
}));
const { folder } = workspace;

const main = JSON.stringify(join(import.meta.dirname, "program.ts"));
await writeFile(
  join(folder, "Pulumi.yaml"),
  "name: bench\nruntime: {name: nodejs, options: {typescript: false}}\nmain: index.ts\n",
);
await writeFile(join(folder, "index.ts"), `import ${main};\n`);
const seconds = new Map<string, number[]>();
const stacks = ["bare", "analyzed"];
for (const stack of stacks) {
  await workspace.pulumi("stack", "init", stack);
  await workspace.pulumi("config", "set", "renderTo", join(folder, stack), "--stack", stack);
  await workspace.pulumi("config", "set", "bare", String(stack === "bare"), "--stack", stack);
  await workspace.pulumi("up", "--yes", "--skip-preview", "--stack", stack);
  seconds.set(stack, []);
}
for (let round = 0; round < rounds; round++) {
  for (const stack of stacks) seconds.get(stack)?.push(await workspace.pulumi("preview", "--stack", stack));
}
const [bare = NaN, analyzed = NaN] = stacks.map((stack) => median(seconds.get(stack) ?? []));
const all = stacks.map((stack) => `${stack} ${(seconds.get(stack) ?? []).map((value) => value.toFixed(2)).join(" ")}`);
console.log(`pulumi preview of 500 routes, seconds: ${all.join("; ")}`);
console.log(
  `median ${bare.toFixed(2)} s without analysis, ${analyzed.toFixed(2)} s with it: ${(analyzed - bare).toFixed(2)} s more`,
);
