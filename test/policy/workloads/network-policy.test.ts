import assert from "node:assert/strict";
import { test } from "node:test";
import { networkPolicy } from "../../../policy/workloads/network-policy.ts";
import { messages, unknown } from "../support/judge.ts";
import { object } from "./support/objects.ts";

const labels = { app: "web" };
const pod = object("core/v1:Pod", "web", {}, { labels });
const policy = (spec: object, metadata = {}) =>
  object("networking.k8s.io/v1:NetworkPolicy", "policy", { spec }, metadata);
const open = (directions: string) =>
  `Pod default/web is selected by no NetworkPolicy for ${directions}; add one to its namespace that selects its labels`;

test("a pod that is selected passes", async () => {
  for (const podSelector of [{}, undefined, { matchLabels: labels }]) {
    assert.deepEqual(await messages(networkPolicy, [pod, policy({ podSelector })]), []);
  }
});

test("a pod that none selects violates, and so does the template of another kind", async () => {
  for (const others of [
    [],
    [policy({ podSelector: { matchLabels: { app: "other" } } })],
    [policy({ podSelector: {} }, { namespace: "other" })],
    [policy({ podSelector: {}, policyTypes: ["Egress"] })],
  ]) {
    assert.deepEqual(await messages(networkPolicy, [pod, ...others]), [open("Ingress")]);
  }
  const job = object("batch/v1:Job", "once", { spec: { template: { metadata: { labels } } } }, { namespace: "night" });
  assert.deepEqual(await messages(networkPolicy, job), [
    "Job night/once: spec.template is selected by no NetworkPolicy for Ingress; add one to its namespace that selects its labels",
  ]);
});

test("config says in which directions", async () => {
  const config = { directions: ["Ingress", "Egress"] };
  assert.deepEqual(await messages(networkPolicy, pod, config), [open("Ingress and Egress")]);
  assert.deepEqual(await messages(networkPolicy, [pod, policy({ podSelector: {}, egress: [] })], config), [
    open("Egress"),
  ]);
  assert.deepEqual(await messages(networkPolicy, [pod, policy({ podSelector: {}, egress: [{}] })], config), []);
  assert.deepEqual(await messages(networkPolicy, [pod, policy({ policyTypes: ["Ingress", "Egress"] })], config), []);
});

test("config says where", async () => {
  assert.deepEqual(await messages(networkPolicy, pod, { namespaces: ["payments"] }), []);
});

test("an unknown policy leaves undecided what no other selects", async () => {
  const hidden = policy({ podSelector: { matchLabels: { app: unknown } } });
  assert.deepEqual(await messages(networkPolicy, [pod, hidden, policy({ podSelector: {} })]), []);
  assert.match(
    (await messages(networkPolicy, [pod, hidden])).join(),
    /Pod default\/web is not judged yet, as a preview can't know spec.podSelector.matchLabels.app of NetworkPolicy default\/policy;/,
  );
  const unlabelled = object("core/v1:Pod", "web", {}, { labels: { app: unknown } });
  assert.match(
    (await messages(networkPolicy, [unlabelled, policy({ podSelector: { matchLabels: labels } })])).join(),
    /can't know metadata.labels.app;/,
  );
});
