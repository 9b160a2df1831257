import assert from "node:assert/strict";
import { test } from "node:test";
import { topologySpread } from "../../../policy/workloads/topology-spread.ts";
import { messages, unknown } from "../support/judge.ts";
import { object } from "./support/objects.ts";

const workload = (topologySpreadConstraints: unknown) =>
  object("apps/v1:Deployment", "web", {
    spec: { template: { metadata: { labels: { app: "web" } }, spec: { topologySpreadConstraints } } },
  });
const over = (topologyKey: unknown, labelSelector: unknown = { matchLabels: { app: "web" } }) => ({
  topologyKey,
  labelSelector,
});
const at = "Deployment default/web: spec.template.spec.topologySpreadConstraints";
const remedy = "spread them over topology.kubernetes.io/zone or kubernetes.io/hostname";

test("pods that are spread over zones or nodes pass", async () => {
  assert.deepEqual(await messages(topologySpread, workload([over("topology.kubernetes.io/zone")])), []);
  assert.deepEqual(await messages(topologySpread, workload([over("rack"), over("kubernetes.io/hostname", {})])), []);
});

test("no spread, and one of other labels or other pods violates", async () => {
  assert.deepEqual(await messages(topologySpread, workload(undefined)), [`${at} is not set; ${remedy}`]);
  for (const constraint of [
    over("rack"),
    over("kubernetes.io/hostname", { matchLabels: { app: "other" } }),
    over("kubernetes.io/hostname", null),
  ]) {
    assert.deepEqual(await messages(topologySpread, workload([constraint])), [
      `${at} is without one that selects the pods themselves; ${remedy}`,
    ]);
  }
});

test("config says over what, and what is judged", async () => {
  assert.deepEqual(await messages(topologySpread, workload([over("rack")]), { topologyKeys: ["rack"] }), []);
  assert.deepEqual(await messages(topologySpread, workload(undefined), { namespaces: ["payments"] }), []);
});

test("an unknown constraint leaves undecided what no other decides", async () => {
  const hidden = over(unknown);
  assert.deepEqual(await messages(topologySpread, workload([hidden, over("kubernetes.io/hostname")])), []);
  assert.match((await messages(topologySpread, workload([hidden]))).join(), /not judged yet/);
});
