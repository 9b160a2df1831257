import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { LoadResult } from "../../../bench/dataplane/load.ts";
import type { Figure } from "../../../bench/dataplane/loads.ts";
import type { Proxy } from "../../../bench/dataplane/proxies/proxy.ts";
import { rowOf } from "../../../bench/dataplane/rows.ts";

const cpu: Figure = {
  metric: "cpu_per_message_64",
  unit: "us",
  better: "less",
  of: ({ cpu, units }) => ((cpu["proxy"] ?? NaN) * 1e6) / units,
};

const proxy = (family: Proxy["family"]): Proxy => ({
  family,
  prepare: () => Promise.reject(new Error("not started here")),
});
const proxies = {
  ours: proxy("ours"),
  haproxy: proxy("haproxy"),
  haproxy_64k: proxy("haproxy"),
  haproxy_log: proxy("haproxy"),
  direct: proxy("direct"),
};

/** Results whose CPU time per message is so many microseconds, in each round. */
function rounds(...microseconds: number[]): LoadResult[] {
  return microseconds.map((time) => ({ units: 1000, seconds: 1, cpu: { proxy: time / 1000 }, errors: 0 }));
}

suite("a row of the benchmark", () => {
  const results = new Map([
    ["ours", rounds(10, 30, 12)],
    ["haproxy", rounds(20, 40, 25)],
    ["haproxy_64k", rounds(10, 20, 12)],
    ["haproxy_log", rounds(1, 1, 1)],
    ["direct", [{ units: 1, seconds: 1, cpu: {}, errors: 0 }]],
  ]);

  test("has the median of each proxy's rounds, and nobody's that the figure means nothing for", () => {
    const { values } = rowOf(cpu, { results, invalid: new Map() }, proxies);
    assert.deepEqual(Object.keys(values), ["ours", "haproxy", "haproxy_64k", "haproxy_log"]);
    assert.deepEqual(Object.values(values).map(Math.round), [12, 25, 12, 1]);
  });

  test("compares rounds with the same round of the peer's best configuration, which writes no log", () => {
    const { ratio, noise } = rowOf(cpu, { results, invalid: new Map() }, proxies);
    assert.deepEqual(ratio, { haproxy: 1 });
    assert.deepEqual(noise, { haproxy: [1, 1.5] });
  });

  test("takes for the best configuration the one with the greatest value where more is better", () => {
    const { ratio } = rowOf({ ...cpu, better: "more" }, { results, invalid: new Map() }, proxies);
    assert.equal(ratio["haproxy"], 0.5);
  });

  test("tells the least and the greatest of ours, and who has no value for which error", () => {
    const invalid = new Map([["envoy", "3 errors; the first: other bytes"]]);
    const row = rowOf(cpu, { results, invalid }, proxies, "_2w");
    assert.deepEqual(
      [row.metric, Math.round(row.min ?? NaN), Math.round(row.max ?? NaN)],
      ["cpu_per_message_64_2w", 10, 30],
    );
    assert.deepEqual(row.invalid, { envoy: "3 errors; the first: other bytes" });
  });
});
