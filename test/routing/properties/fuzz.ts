/**
 * `npm run fuzz`: all property tests for a long time, each from a seed of its own. `FUZZ_RUNS=1000000 npm run fuzz` looks longer than the default;
 * `FUZZ_SEED=…`, with the seed that a failure shows, looks at the same sets again.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { run } from "node:test";
import { spec } from "node:test/reporters";

process.env["FUZZ_RUNS"] ??= "100000";

const files = globSync("*.test.ts", { cwd: import.meta.dirname }).map((name) => join(import.meta.dirname, name));
const stream = run({ files, concurrency: true });
stream.on("test:fail", () => (process.exitCode = 1));
stream.compose(spec).pipe(process.stdout);
