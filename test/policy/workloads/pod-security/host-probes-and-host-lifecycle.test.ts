import assert from "node:assert/strict";
import { test } from "node:test";
import { hostProbesAndHostLifecycle } from "../../../../policy/workloads/pod-security/host-probes-and-host-lifecycle.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod } from "../support/objects.ts";

test("probes and hooks that ask their own pod pass", async () => {
  const container = {
    livenessProbe: { httpGet: { port: 80, host: "" } },
    readinessProbe: { exec: { command: ["a"] } },
  };
  assert.deepEqual(await messages(hostProbesAndHostLifecycle, pod(container)), []);
});

test("each host violates", async () => {
  const httpGet = { port: 80, host: "10.0.0.1" };
  const tcpSocket = { port: 80, host: "node.local" };
  const container = {
    livenessProbe: { httpGet },
    readinessProbe: { tcpSocket },
    startupProbe: { httpGet },
    lifecycle: { postStart: { httpGet }, preStop: { tcpSocket } },
  };
  const at = "Pod default/web: spec.containers[0]";
  assert.deepEqual(await messages(hostProbesAndHostLifecycle, pod(container)), [
    `${at}.livenessProbe.httpGet.host is 10.0.0.1; leave it out`,
    `${at}.readinessProbe.tcpSocket.host is node.local; leave it out`,
    `${at}.startupProbe.httpGet.host is 10.0.0.1; leave it out`,
    `${at}.lifecycle.postStart.httpGet.host is 10.0.0.1; leave it out`,
    `${at}.lifecycle.preStop.tcpSocket.host is node.local; leave it out`,
  ]);
});

test("versions before v1.34 do not look at hosts", async () => {
  const container = { livenessProbe: { httpGet: { port: 80, host: "10.0.0.1" } } };
  assert.deepEqual(await messages(hostProbesAndHostLifecycle, pod(container), { version: "v1.33" }), []);
  assert.equal((await messages(hostProbesAndHostLifecycle, pod(container), { version: "v1.34" })).length, 1);
});

test("a version that is none is refused", async () => {
  for (const version of ["1.34", "v1.24", "newest"]) {
    await assert.rejects(
      messages(hostProbesAndHostLifecycle, pod({}), { version }),
      /policy hostProbesAndHostLifecycle: version: /,
    );
  }
});

test("an unknown host leaves the others judged", async () => {
  const container = {
    livenessProbe: { httpGet: { port: 80, host: unknown } },
    startupProbe: { httpGet: { port: 80, host: "10.0.0.1" } },
  };
  assert.equal((await messages(hostProbesAndHostLifecycle, pod(container))).length, 2);
});
