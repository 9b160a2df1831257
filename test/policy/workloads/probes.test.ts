import assert from "node:assert/strict";
import { test } from "node:test";
import { probes } from "../../../policy/workloads/probes.ts";
import { messages, unknown } from "../support/judge.ts";
import { object, pod, podOf } from "./support/objects.ts";

const probe = { tcpSocket: { port: 80 } };
const both = { readinessProbe: probe, livenessProbe: probe };
const remedy = "add one that asks what the container serves";

test("containers with both probes pass", async () => {
  assert.deepEqual(await messages(probes, pod(both)), []);
});

test("a missing one violates", async () => {
  assert.deepEqual(await messages(probes, pod({ readinessProbe: probe, livenessProbe: null })), [
    `Pod default/web: spec.containers[0].livenessProbe is not set; ${remedy}`,
  ]);
  const template = { spec: { containers: [{}] } };
  assert.deepEqual(await messages(probes, object("apps/v1:Deployment", "web", { spec: { template } })), [
    `Deployment default/web: spec.template.spec.containers[0].readinessProbe is not set; ${remedy}`,
    `Deployment default/web: spec.template.spec.containers[0].livenessProbe is not set; ${remedy}`,
  ]);
});

test("sidecars are judged, what starts a pod or has an end is not", async () => {
  const spec = {
    initContainers: [{ name: "start" }, { restartPolicy: "Always" }],
    containers: [both],
    ephemeralContainers: [{}],
  };
  assert.deepEqual(await messages(probes, podOf(spec)), [
    `Pod default/web: spec.initContainers[1].readinessProbe is not set; ${remedy}`,
    `Pod default/web: spec.initContainers[1].livenessProbe is not set; ${remedy}`,
  ]);
  assert.deepEqual(await messages(probes, pod({}, { restartPolicy: "OnFailure" })), []);
  const template = { spec: { containers: [{}], restartPolicy: "Never" } };
  assert.deepEqual(await messages(probes, object("batch/v1:Job", "once", { spec: { template } })), []);
  const cron = { spec: { jobTemplate: { spec: { template } } } };
  assert.deepEqual(await messages(probes, object("batch/v1:CronJob", "nightly", cron)), []);
});

test("config says which", async () => {
  assert.deepEqual(await messages(probes, pod(both), { probes: ["startup"] }), [
    `Pod default/web: spec.containers[0].startupProbe is not set; ${remedy}`,
  ]);
  assert.deepEqual(await messages(probes, pod({}), { probes: [] }), []);
});

test("an unknown probe leaves the other judged", async () => {
  assert.equal((await messages(probes, pod({ readinessProbe: unknown }))).length, 2);
});
