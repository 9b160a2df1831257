import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import type { Report } from "../../../bench/routing/main.ts";
import { generate, quickSize } from "../../../bench/routing/generate.ts";

test("the set is the same each time", () => {
  assert.deepEqual(generate(quickSize), generate(quickSize));
});

test("the benchmark of the routing language has all its figures", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "bench-routing-"));
  const file = join(folder.path, "report.json");
  const main = new URL("../../../bench/routing/main.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--quick", "--json", file]);
  const { size, figures } = JSON.parse(await readFile(file, "utf8")) as Report;
  assert.deepEqual(size, quickSize);
  for (const { cpu } of [figures.yaml.parse, figures.objects.parse, figures.objects.total, figures.changes.first]) {
    assert.ok(cpu > 0);
  }
  const kinds = ["VirtualService", "Service", "EndpointSlice", "Gateway", "DestinationRule", "Pod"];
  assert.deepEqual(Object.keys(figures.changes.changes), kinds);
  for (const { p50, p99, max } of Object.values(figures.changes.changes))
    assert.ok(0 < p50 && p50 <= p99 && p99 <= max);
  assert.match(stdout, /peak resident set, MB: YAML \d+, JSON objects \d+, changes \d+/);
});
