import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const module = join(import.meta.dirname, "../../../local/cluster/node");

const go = await run("go", ["version"]).then(
  () => true,
  () => false,
);

// The toolchain brings a Go of its own where a program has to be built; the tests of those programs are for those who have one.
test("cluster-node passes its own tests", { skip: go ? false : "Go is not installed" }, async () => {
  await run("go", ["vet", "./..."], { cwd: module });
  await run("go", ["test", "./..."], { cwd: module });
});
