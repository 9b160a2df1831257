import assert from "node:assert/strict";
import { test } from "node:test";
import { metricsOf } from "../../../bench/change-to-effect/measure.ts";
import { idleLoad, loopbackLoads, openLoad, parallelLoads, vethLoads } from "../../../bench/dataplane/loads.ts";
import { sections, titleOf } from "../../../bench/report/titles.ts";

test("every metric is shown in one section of the report, and the loads' have names in words", () => {
  const metrics = [...loopbackLoads, ...vethLoads, openLoad(64), idleLoad(1)]
    .flatMap(({ figures }) => figures)
    .map(({ metric }) => metric);
  const parallel = parallelLoads.flatMap(({ figures }) => figures).map(({ metric }) => `${metric}_2w`);
  const grown = ["memory_mb_routes_10", "cpu_per_connection_endpoints_4000", "memory_mb_connections_8800"];
  for (const metric of [...metrics, ...parallel, ...grown, ...Object.values(metricsOf(1000))]) {
    const showing = sections.filter((section) => section.metrics.test(metric)).map(({ title }) => title);
    assert.equal(showing.length, 1, `${metric}: ${showing.join(", ")}`);
  }
  for (const metric of [...metrics, ...parallel])
    assert.doesNotMatch(titleOf(metric), /cpu per|rate |_|\bmb\b/, metric);
});
