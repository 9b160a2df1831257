import assert from "node:assert/strict";
import { test } from "node:test";
import { minimumReplicas } from "../../../policy/workloads/minimum-replicas.ts";
import { messages, unknown } from "../support/judge.ts";
import { object } from "./support/objects.ts";

const workload = (replicas: unknown, kind = "Deployment", metadata = {}) =>
  object(`apps/v1:${kind}`, "web", { spec: { replicas } }, metadata);
const autoscaler = (minReplicas: unknown, name: unknown = "web", metadata = {}) =>
  object(
    "autoscaling/v2:HorizontalPodAutoscaler",
    "scaler",
    { spec: { minReplicas, scaleTargetRef: { kind: "Deployment", name } } },
    metadata,
  );

test("several replicas pass", async () => {
  assert.deepEqual(await messages(minimumReplicas, [workload(2), workload(3, "StatefulSet")]), []);
});

test("a single one violates, which is the default", async () => {
  assert.deepEqual(await messages(minimumReplicas, [workload(1), workload(undefined, "StatefulSet")]), [
    "Deployment default/web: spec.replicas is 1; run 2 or more",
    "StatefulSet default/web: spec.replicas is 1; run 2 or more",
  ]);
});

test("an autoscaler's minimum counts instead", async () => {
  const message =
    "Deployment default/web: spec.replicas is left to a HorizontalPodAutoscaler with a lower minReplicas; run 2 or more";
  assert.deepEqual(await messages(minimumReplicas, [workload(1), autoscaler(2)]), []);
  assert.deepEqual(await messages(minimumReplicas, [workload(5), autoscaler(1)]), [message]);
  assert.deepEqual(await messages(minimumReplicas, [workload(5), autoscaler(undefined)]), [message]);
});

test("autoscalers of others do not count", async () => {
  const others = [autoscaler(5, "other"), autoscaler(5, "web", { namespace: "other" })];
  assert.equal((await messages(minimumReplicas, [workload(1), ...others])).length, 1);
  assert.equal((await messages(minimumReplicas, [workload(1, "StatefulSet"), autoscaler(5)])).length, 1);
});

test("config says how many, and of what", async () => {
  assert.equal((await messages(minimumReplicas, workload(2), { minimum: 3 })).length, 1);
  assert.deepEqual(await messages(minimumReplicas, workload(1), { namespaces: ["payments"] }), []);
  assert.equal((await messages(minimumReplicas, workload(1), { namespaces: ["default"] })).length, 1);
  assert.deepEqual(await messages(minimumReplicas, workload(1), { kinds: ["StatefulSet"] }), []);
});

test("what can't be known leaves the others judged", async () => {
  const second = workload(1, "StatefulSet");
  assert.equal((await messages(minimumReplicas, [workload(unknown), second])).length, 2);
  const [first] = await messages(minimumReplicas, [workload(3), autoscaler(2, unknown)]);
  assert.match(
    first ?? "",
    /not judged yet, as a preview can't know spec.scaleTargetRef.name of HorizontalPodAutoscaler default\/scaler;/,
  );
});

test("it is advisory by default", () => {
  assert.equal(minimumReplicas.level, "advisory");
});
