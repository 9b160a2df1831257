import assert from "node:assert/strict";
import { test } from "node:test";
import { podDisruptionBudget } from "../../../policy/workloads/pod-disruption-budget.ts";
import { messages, unknown } from "../support/judge.ts";
import { object } from "./support/objects.ts";

const template = { metadata: { labels: { app: "web", version: "v1" } } };
const workload = object("apps/v1:Deployment", "web", { spec: { template } });
const budget = (selector: unknown, metadata = {}) =>
  object("policy/v1:PodDisruptionBudget", "budget", { spec: { selector } }, metadata);
const message =
  "Deployment default/web is selected by no PodDisruptionBudget; add one to its namespace that selects its pods' labels";

test("a budget that selects the pods passes", async () => {
  for (const selector of [
    { matchLabels: { app: "web" } },
    {},
    { matchExpressions: [{ key: "version", operator: "In", values: ["v1"] }] },
  ]) {
    assert.deepEqual(await messages(podDisruptionBudget, [workload, budget(selector)]), []);
  }
});

test("none, or one of other pods violates", async () => {
  for (const others of [
    [],
    [budget({ matchLabels: { app: "other" } })],
    [budget(undefined)],
    [budget(null)],
    [budget({}, { namespace: "other" })],
  ]) {
    assert.deepEqual(await messages(podDisruptionBudget, [workload, ...others]), [message]);
  }
});

test("config says what is judged", async () => {
  assert.deepEqual(await messages(podDisruptionBudget, workload, { namespaces: ["payments"] }), []);
  assert.deepEqual(await messages(podDisruptionBudget, workload, { kinds: ["StatefulSet"] }), []);
});

test("an unknown budget leaves undecided what no other selects", async () => {
  const hidden = budget({ matchLabels: { app: unknown } });
  assert.deepEqual(await messages(podDisruptionBudget, [workload, hidden, budget({})]), []);
  assert.match((await messages(podDisruptionBudget, [workload, hidden])).join(), /not judged yet/);
});
