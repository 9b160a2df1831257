import assert from "node:assert/strict";
import { test } from "node:test";
import { readSamples } from "../../../cli/status/metrics.ts";

test("samples of Prometheus' text format, with escaped labels and without comments", () => {
  assert.deepEqual(readSamples(["# TYPE a gauge", "a 1", 'b{x="1",y="q\\"\\\\"} 2.5 1700000000000', ""]), [
    { name: "a", labels: {}, value: 1 },
    { name: "b", labels: { x: "1", y: 'q"\\' }, value: 2.5 },
  ]);
});
