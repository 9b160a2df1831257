import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempDisposable, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Results } from "../../../bench/report/row.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** One metric of each kind of load, as their names are promised. */
const metrics = [
  "cpu_per_message_64",
  "rate_message_64",
  "cpu_per_connection",
  "cpu_per_connection_with_proxy_header",
  "cpu_per_gb_bulk1",
  "cpu_per_gb_echo8",
  "cpu_per_tls_connection",
  "cpu_per_gb_tls",
  "p99_us_64",
  "idle_bytes_per_connection",
  "total_cpu_per_gb",
  "change_to_effect_ms_10",
];

suite("npm run bench -- --quick", () => {
  test("measures each kind of load with every byte right, and leaves JSON and a report", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "tcp-ingress-"));
    const json = join(folder.path, "json", "bench.json");
    const report = join(folder.path, "report");
    const args = ["bench/main.ts", "--quick", "--proxies", "ours,haproxy,direct", "--only", metrics.join(",")];
    const child = spawn(process.execPath, [...args, "--json", json, "--report", report], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    assert.equal(code, 0, printed);

    const { machine, rows } = JSON.parse(await readFile(json, "utf8")) as Results;
    assert.ok(machine.cpus > 0 && machine.engine !== undefined);
    const byMetric = new Map(rows.map((row) => [row.metric, row]));
    for (const metric of metrics) {
      const row = byMetric.get(metric);
      assert.ok(row, metric);
      assert.deepEqual(row.invalid, {}, metric);
      const { ours = NaN } = row.values;
      // Memory may even have become less while so few connections were opened.
      assert.ok(metric.startsWith("idle") ? Number.isFinite(ours) : ours > 0, `${metric}: ${ours}`);
      assert.equal(row.min !== undefined && row.max !== undefined && row.min <= row.max, true, metric);
      const { haproxy } = row.values;
      if (haproxy !== undefined && machine.missing["haproxy"] === undefined)
        assert.ok((row.ratio["haproxy"] ?? 0) !== 0, metric);
    }
    assert.deepEqual((await readdir(report)).sort(), ["report.html", "report.md", "results.json"]);
  });
});
