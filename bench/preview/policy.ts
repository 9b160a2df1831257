/**
 * How much `pulumi preview` of stack `prod` takes with the policy pack and without, in turns, as `npm run preview` starts it. Nothing is asked of a cluster: the objects would be written to files.
 *
 *     node bench/preview/policy.ts [ROUNDS]
 */
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { stringify } from "yaml";
import { withCompileCache } from "../../local/commands/compile-cache.ts";
import { choosePolicy } from "../../local/commands/policy.ts";
import { renderConfig } from "../../local/commands/rendering.ts";
import { readStackFile } from "../../local/commands/stack-file.ts";
import { median } from "../report/statistics.ts";
import { root, Workspace } from "./workspace.ts";

const stack = "prod";
const rounds = Number(process.argv[2] ?? 5);
await using workspace = await Workspace.create(withCompileCache);
const { folder } = workspace;

await copyFile(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
await writeFile(join(folder, "index.ts"), `export * from ${JSON.stringify(join(root, "index.ts"))};\n`);
await workspace.pulumi("stack", "init", stack);
const { config } = await readStackFile(stack);
const file = { config: renderConfig(config, join(folder, "rendered")) };
await writeFile(join(folder, `Pulumi.${stack}.yaml`), stringify(file));
// Once to fill Node's compile cache.
await workspace.pulumi("preview", "--stack", stack, ...choosePolicy(stack).flags);
const seconds = { without: [] as number[], with: [] as number[] };
for (let round = 0; round < rounds; round++) {
  seconds.without.push(await workspace.pulumi("preview", "--stack", stack));
  seconds.with.push(await workspace.pulumi("preview", "--stack", stack, ...choosePolicy(stack).flags));
}
const shown = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(" ");
console.log(
  `pulumi preview of prod, seconds: without the pack ${shown(seconds.without)}; with it ${shown(seconds.with)}`,
);
console.log(`median ${(median(seconds.with) - median(seconds.without)).toFixed(2)} s more with the pack`);
