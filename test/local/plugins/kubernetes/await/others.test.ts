import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { DaemonSetReadiness } from "../../../../../local/plugins/kubernetes/await/daemon-set.ts";
import { IngressReadiness } from "../../../../../local/plugins/kubernetes/await/ingress.ts";
import { JobReadiness } from "../../../../../local/plugins/kubernetes/await/job.ts";
import { podProblem } from "../../../../../local/plugins/kubernetes/await/pod-status.ts";
import { PodReadiness } from "../../../../../local/plugins/kubernetes/await/pod.ts";
import { StatefulSetReadiness } from "../../../../../local/plugins/kubernetes/await/stateful-set.ts";
import { PersistentVolumeClaimReadiness, resourceQuota } from "../../../../../local/plugins/kubernetes/await/until.ts";
import type { PropertyMap } from "../../../../../local/plugins/provider/index.ts";
import { Drive, initialized, object, pod, scheduled, unready } from "./drive.ts";

suite("StatefulSet", () => {
  const set = (generation: number, status: PropertyMap, spec: PropertyMap = {}) =>
    object("apps/v1", "StatefulSet", "db", {
      metadata: { generation },
      spec: { replicas: 2, ...spec },
      status: { observedGeneration: generation, ...status },
    });

  test("is ready with all replicas of one revision", () => {
    const drive = new Drive((args) => new StatefulSetReadiness(args), set(1, {}));
    assert.equal(
      drive.see(
        set(1, { replicas: 2, readyReplicas: 1, currentReplicas: 2, currentRevision: "a", updateRevision: "a" }),
      ),
      false,
    );
    assert.equal(
      drive.see(
        set(1, { replicas: 2, readyReplicas: 2, currentReplicas: 2, currentRevision: "a", updateRevision: "a" }),
      ),
      true,
    );
    assert.deepEqual(drive.log.lines, [
      "~ [1/2] Waiting for StatefulSet to create Pods (1/2 Pods ready)",
      "~ StatefulSet initialization complete",
    ]);
  });

  test("rolls out before it is ready again", () => {
    const drive = new Drive((args) => new StatefulSetReadiness(args), set(2, {}));
    assert.equal(
      drive.see(
        set(2, {
          replicas: 2,
          readyReplicas: 2,
          currentReplicas: 1,
          updatedReplicas: 1,
          currentRevision: "a",
          updateRevision: "b",
        }),
      ),
      false,
    );
    assert.deepEqual(drive.readiness.reasons(), [
      "1 out of 2 replicas succeeded readiness checks",
      'StatefulSet controller failed to advance from revision "a" to revision "b"',
    ]);
    assert.equal(
      drive.see(
        set(2, {
          replicas: 2,
          readyReplicas: 2,
          currentReplicas: 2,
          updatedReplicas: 2,
          currentRevision: "b",
          updateRevision: "b",
        }),
      ),
      true,
    );
  });

  test("with OnDelete does not wait for pods that a person is to delete", () => {
    const onDelete = { updateStrategy: { type: "OnDelete" } };
    const drive = new Drive((args) => new StatefulSetReadiness(args), set(2, {}, onDelete));
    assert.equal(
      drive.see(set(2, { replicas: 2, readyReplicas: 2, currentRevision: "a", updateRevision: "b" }, onDelete)),
      true,
    );
  });

  test("is not judged by the numbers of an older generation", () => {
    const drive = new Drive((args) => new StatefulSetReadiness(args), set(2, {}));
    assert.equal(
      drive.see(
        set(2, {
          observedGeneration: 1,
          replicas: 2,
          readyReplicas: 2,
          currentReplicas: 2,
          currentRevision: "a",
          updateRevision: "a",
        }),
      ),
      false,
    );
  });
});

test("A DaemonSet is ready when every node has an available pod of the latest generation", () => {
  const set = (status: PropertyMap) => object("apps/v1", "DaemonSet", "agent", { metadata: { generation: 2 }, status });
  const drive = new Drive((args) => new DaemonSetReadiness(args), set({}));
  assert.equal(drive.see(set({ observedGeneration: 1, desiredNumberScheduled: 0 })), false);
  const counts = {
    observedGeneration: 2,
    desiredNumberScheduled: 2,
    currentNumberScheduled: 2,
    updatedNumberScheduled: 2,
  };
  assert.equal(drive.see(set({ ...counts, numberAvailable: 1, numberReady: 1 })), false);
  assert.equal(drive.see(set({ ...counts, numberAvailable: 2, numberReady: 2 })), true);
  assert.deepEqual(drive.log.lines, [
    "~ DaemonSet generation is 2, but latest observed generation is 1",
    "~ Available: 1/2",
    "~ All replicas scheduled as expected. Replicas: 2",
  ]);
});

suite("Pod", () => {
  test("is ready when scheduled, initialized and ready", () => {
    const drive = new Drive((args) => new PodReadiness(args), pod("a", "x", []));
    assert.equal(drive.see(pod("a", "x", [scheduled])), false);
    assert.equal(drive.see(pod("a", "x", [scheduled, initialized, unready])), false);
    assert.equal(drive.see(pod("a", "x", [scheduled, initialized, { type: "Ready", status: "True" }])), true);
    assert.deepEqual(drive.log.lines, [
      '~ Waiting for Pod "apps/a" to be scheduled',
      '~ Waiting for Pod "apps/a" to be initialized',
      '~ Waiting for Pod "apps/a" to be ready',
    ]);
  });

  test("that cannot be scheduled has no container to blame", () => {
    const message = "0/1 nodes are available";
    assert.equal(
      podProblem(pod("a", "x", [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }])),
      undefined,
    );
  });

  test("tells how its containers ended", () => {
    const status = {
      name: "main",
      ready: false,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s restarting failed container" } },
      lastState: { terminated: { finishedAt: "2026-01-01T00:00:00Z", reason: "Error", exitCode: 3 } },
    };
    assert.equal(
      podProblem(pod("a", "x", [scheduled, initialized, unready], [status])),
      '[Pod apps/a]: containers with unready status: [echo][CrashLoopBackOff] back-off 10s restarting failed container\ncontainer "main" terminated at 2026-01-01T00:00:00Z (Error: exit code 3)',
    );
  });
});

suite("Job", () => {
  const job = (status: PropertyMap) => object("batch/v1", "Job", "migrate", { status });

  test("is ready when it has completed", () => {
    const drive = new Drive((args) => new JobReadiness(args), job({}));
    assert.equal(drive.see(job({ startTime: "2026-01-01T00:00:00Z", active: 1 })), false);
    assert.equal(
      drive.see(
        job({ startTime: "2026-01-01T00:00:00Z", succeeded: 1, conditions: [{ type: "Complete", status: "True" }] }),
      ),
      true,
    );
    assert.equal(
      drive.log.lines[1],
      '~ Waiting for Job "apps/migrate" to succeed (Active: 1 | Succeeded: 0 | Failed: 0)',
    );
  });

  test("that has failed for good is given up", () => {
    const drive = new Drive((args) => new JobReadiness(args), job({}));
    drive.see(
      job({
        startTime: "2026-01-01T00:00:00Z",
        conditions: [
          {
            type: "Failed",
            status: "True",
            reason: "BackoffLimitExceeded",
            message: "Job has reached the specified backoff limit",
          },
        ],
      }),
    );
    assert.equal(drive.readiness.failure?.(), "Resource 'migrate' was created but failed to initialize");
    assert.deepEqual(drive.readiness.reasons(), ["[BackoffLimitExceeded] Job has reached the specified backoff limit"]);
  });
});

suite("Ingress", () => {
  const ingress = (status: PropertyMap) =>
    object("networking.k8s.io/v1", "Ingress", "web", {
      spec: {
        rules: [{ host: "example.com", http: { paths: [{ path: "/", backend: { service: { name: "app" } } }] } }],
      },
      status,
    });
  const addressed = ingress({ loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } });
  const slice = object("discovery.k8s.io/v1", "EndpointSlice", "app-x", {
    metadata: { labels: { "kubernetes.io/service-name": "app" } },
  });

  test("is ready with an address and endpoints behind every path", () => {
    const drive = new Drive((args) => new IngressReadiness(args), ingress({}));
    assert.equal(drive.see(ingress({}), "ADDED"), false);
    assert.equal(drive.see(slice, "ADDED"), false);
    assert.equal(drive.see(addressed), true);
    assert.deepEqual(drive.log.lines, [
      "~ [1/3] Finding a matching service for each Ingress path",
      "~ [2/3] Waiting for update of .status.loadBalancer with hostname/IP",
      "~ Ingress initialization complete",
    ]);
  });

  test("goes on with a warning when a path's Service does not come", () => {
    const drive = new Drive((args) => new IngressReadiness(args), ingress({}));
    assert.equal(drive.see(addressed, "ADDED"), false);
    assert.deepEqual(drive.readiness.reasons(), ["Ingress has at least one rule with an unavailable target endpoint."]);
    assert.equal(drive.wake(), true);
    assert.ok(
      drive.log.lines.includes('~ warning: No matching service found for ingress rule: "example.com/" -> "app"'),
    );
  });
});

test("A claim is ready when bound, or pending where its class waits for the first pod", () => {
  const claim = (phase: string) =>
    object("v1", "PersistentVolumeClaim", "data", { spec: { storageClassName: "fast" }, status: { phase } });
  const drive = new Drive((args) => new PersistentVolumeClaimReadiness(args), claim("Pending"));
  assert.equal(drive.see(claim("Pending"), "ADDED"), false);
  assert.equal(drive.see(claim("Bound")), true);
  const late = new Drive((args) => new PersistentVolumeClaimReadiness(args), claim("Pending"));
  assert.equal(
    late.see(
      object("storage.k8s.io/v1", "StorageClass", "fast", { volumeBindingMode: "WaitForFirstConsumer" }),
      "ADDED",
    ),
    true,
  );
});

test("A quota is ready when it is in force", () => {
  const quota = (status: PropertyMap) => object("v1", "ResourceQuota", "q", { spec: { hard: { pods: "3" } }, status });
  const drive = new Drive(resourceQuota, quota({}));
  assert.equal(drive.see(quota({ hard: { pods: "2" } })), false);
  assert.equal(drive.see(quota({ hard: { pods: "3" } })), true);
});
