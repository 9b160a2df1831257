import assert from "node:assert/strict";
import { mkdtempDisposable, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { htmlReport } from "../../../bench/report/html.ts";
import { markdownReport } from "../../../bench/report/markdown.ts";
import type { Machine, Results } from "../../../bench/report/row.ts";
import { writeReport } from "../../../bench/report/write.ts";
import { rowWith } from "./rows.ts";

const machine: Machine = {
  date: "2026-11-23T14:00:00.000Z",
  processor: "Example <CPU>",
  cpus: 2,
  kernel: "6.1",
  node: "v26.10.0",
  versions: { haproxy: "2.6.12" },
  missing: { envoy: "no wheel\nfor this machine" },
  network: "loopback of a network namespace",
  rounds: 5,
  seconds: 1.5,
  idleConnections: 8800,
  quick: false,
  minutes: 20,
  load: { before: 0.1, after: 2 },
};
const results: Results = {
  machine,
  rows: [
    rowWith(
      "cpu_per_message_64",
      { ours: 12, ours_epoll: 12, ours_net: 17, haproxy: 10, haproxy_64k: 8 },
      { haproxy: 1.5 },
    ),
    { ...rowWith("cpu_per_connection", { haproxy: 90 }), invalid: { ours: "1 errors; the first: <other> bytes" } },
    rowWith("cpu_per_message_64_2w", { ours: 13 }),
    rowWith("change_to_effect_ms_10", { ours: 8, p50: 4 }),
    rowWith("change_to_effect_ms_1000", { ours: 12, p50: 6 }),
  ],
};

suite("the report", () => {
  const html = htmlReport(results);

  test("is one page that asks for nothing else", () => {
    assert.doesNotMatch(html, /<(script|link|img)|https?:|url\(/);
  });

  test("takes what it is told as text", () => {
    assert.match(html, /Example &lt;CPU&gt;/);
    assert.match(html, /&lt;other&gt; bytes/);
    assert.doesNotMatch(html, /<CPU>|<other>/);
  });

  test("draws ours by its engine once, with the ratio of pairs, and the others against HAProxy's best", () => {
    const [card = ""] =
      /<h3>Message of 64 bytes, 64 connections<\/h3>.*?<\/figure>/s.exec(
        html.slice(html.indexOf("CPU time of the proxy")),
      ) ?? [];
    const labels = [...card.matchAll(/class="label"[^>]*>([^<]+)</g)].map(([, label]) => label);
    assert.deepEqual(labels, ["ours, epoll", "ours net", "haproxy", "haproxy 64k"]);
    const ratios = [...card.matchAll(/class="strong">([\d.]+)/g)].map(([, ratio]) => ratio);
    assert.deepEqual(ratios, ["1.50", "2.13", "1.25", "1.00"]);
  });

  test("shows a target that is missed, and those that were not measured", () => {
    assert.match(html, /class="chip missed">✗ 1\.50 × <small>≤ 1</);
    assert.match(html, /not measured <small>≤ 0\.7</);
  });

  test("has a section for two workers, and one chart for all numbers of routes", () => {
    assert.match(html, /<h2>Two workers<\/h2>/);
    assert.equal(html.match(/<h3>Change to effect, by routes<\/h3>/g)?.length, 1);
  });

  test("says in Markdown what was reached, what was left out, and why", () => {
    const markdown = markdownReport(results);
    assert.match(markdown, /\| CPU per small message, 64 connections \| haproxy \| 1\.50 \| ≤ 1 \| \*\*no\*\* \|/);
    assert.match(markdown, /Left out: envoy \(no wheel for this machine\)/);
    assert.match(markdown, /Not counted in cpu_per_connection: ours/);
  });

  test("is written with the results that it shows", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "tcp-ingress-"));
    await writeReport(folder.path, results);
    assert.deepEqual((await readdir(folder.path)).sort(), ["report.html", "report.md", "results.json"]);
    assert.deepEqual(JSON.parse(await readFile(join(folder.path, "results.json"), "utf8")), results);
  });
});
