import assert from "node:assert/strict";
import { test } from "node:test";
import { DeploymentReadiness } from "../../../../../local/plugins/kubernetes/await/deployment.ts";
import type { KubernetesObject } from "../../../../../local/plugins/kubernetes/object.ts";
import type { PropertyMap } from "../../../../../local/plugins/provider/index.ts";
import { Drive, initialized, object, ownedBy, pod, scheduled, unready } from "./drive.ts";

const notAvailable: PropertyMap = {
  type: "Available",
  status: "False",
  reason: "MinimumReplicasUnavailable",
  message: "Deployment does not have minimum availability.",
};
const available: PropertyMap = { type: "Available", status: "True", reason: "MinimumReplicasAvailable", message: "" };
const progressed: PropertyMap = { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable", message: "" };
const progressing: PropertyMap = { type: "Progressing", status: "True", reason: "ReplicaSetUpdated", message: "" };

function deployment(
  generation: number,
  observedGeneration: number,
  revision: number,
  conditions: readonly PropertyMap[] = [],
): KubernetesObject {
  const annotations: PropertyMap = revision === 0 ? {} : { "deployment.kubernetes.io/revision": String(revision) };
  return object("apps/v1", "Deployment", "echo", {
    metadata: { generation, annotations },
    status: { observedGeneration, conditions },
  });
}

function replicaSet(revision: number, wanted: number, ready?: number): KubernetesObject {
  return object("apps/v1", "ReplicaSet", `echo-${revision}`, {
    metadata: { ...ownedBy("echo"), annotations: { "deployment.kubernetes.io/revision": String(revision) } },
    spec: { replicas: wanted },
    status: ready === undefined ? {} : { readyReplicas: ready },
  });
}

const create = (args: ConstructorParameters<typeof DeploymentReadiness>[0]) => new DeploymentReadiness(args);

test("A new Deployment is ready with the pods of its first ReplicaSet", () => {
  const drive = new Drive(create, deployment(1, 0, 0));
  assert.equal(drive.see(deployment(1, 0, 0), "ADDED"), false);
  assert.equal(drive.see(deployment(1, 1, 1, [notAvailable, progressing])), false);
  assert.equal(drive.see(replicaSet(1, 2)), false);
  assert.equal(drive.see(replicaSet(1, 2, 1)), false);
  assert.equal(drive.see(replicaSet(1, 2, 2)), false);
  assert.equal(drive.see(deployment(1, 1, 1, [available, progressed])), true);
  assert.deepEqual(drive.log.lines, [
    "~ warning: [MinimumReplicasUnavailable] Deployment does not have minimum availability.",
    "~ Waiting for app ReplicaSet to be available (0/2 Pods available)",
    "~ Waiting for app ReplicaSet to be available (1/2 Pods available)",
    "~ Deployment initialization complete",
  ]);
});

test("An update is not done before the controller has seen it, though all looks well", () => {
  const before = deployment(1, 1, 1, [available, progressed]);
  const drive = new Drive(create, deployment(2, 1, 1, [available, progressed]), before);
  assert.equal(drive.see(replicaSet(1, 2, 2), "ADDED"), false);
  assert.equal(drive.see(deployment(2, 1, 1, [available, progressed]), "ADDED"), false);
  assert.equal(drive.see(deployment(2, 2, 2, [available, progressing])), false);
  assert.equal(drive.see(replicaSet(2, 2, 2)), false);
  assert.equal(drive.see(deployment(2, 2, 2, [available, progressed])), true);
});

test("A change that makes no new pods is done when the controller has seen it", () => {
  const before = deployment(1, 1, 1, [available, progressed]);
  const drive = new Drive(create, deployment(2, 1, 1, [available, progressed]), before);
  assert.equal(drive.see(replicaSet(1, 3, 3), "ADDED"), false);
  assert.equal(drive.see(deployment(2, 2, 1, [available, progressed])), true);
});

test("The reasons say which container cannot start, and why", () => {
  const drive = new Drive(create, deployment(2, 1, 1, [available, progressed]), deployment(1, 1, 1));
  drive.see(deployment(2, 2, 2, [available, progressing]));
  drive.see(replicaSet(2, 1, 0));
  drive.see(
    pod(
      "echo-2-x",
      "echo-2",
      [scheduled, initialized, unready],
      [
        {
          name: "echo",
          ready: false,
          state: {
            waiting: {
              reason: "ErrImageNeverPull",
              message: 'Container image "localhost/missing:1" is not present with pull policy of Never',
            },
          },
        },
      ],
    ),
  );
  const problem =
    '[Pod apps/echo-2-x]: containers with unready status: [echo][ErrImageNeverPull] Container image "localhost/missing:1" is not present with pull policy of Never';
  assert.deepEqual(drive.readiness.reasons(), [
    "Minimum number of Pods to consider the application live was not attained",
    problem,
  ]);
  assert.deepEqual(drive.readiness.warnings?.(), [{ severity: "warning", message: problem }]);
});

test("Pods of an older ReplicaSet are no reason", () => {
  const drive = new Drive(create, deployment(2, 2, 2), deployment(1, 1, 1));
  drive.see(deployment(2, 2, 2, [available, progressing]));
  drive.see(replicaSet(1, 0));
  drive.see(replicaSet(2, 1, 0));
  drive.see(pod("echo-1-x", "echo-1", [scheduled, initialized, unready]));
  assert.deepEqual(drive.readiness.warnings?.(), []);
});

test("Claims that the pods mount have to be bound", () => {
  const start = {
    ...deployment(1, 1, 1, [available, progressed]),
    spec: { template: { spec: { volumes: [{ persistentVolumeClaim: { claimName: "data" } }] } } },
  };
  const claim = (phase: string) => object("v1", "PersistentVolumeClaim", "data", { status: { phase } });
  const drive = new Drive(create, start);
  drive.see(claim("Pending"), "ADDED");
  drive.see(start, "ADDED");
  assert.equal(drive.see(replicaSet(1, 1, 1), "ADDED"), false);
  assert.deepEqual(drive.readiness.reasons(), ['Failed to bind PersistentVolumeClaim(s): "data"']);
  assert.equal(drive.see(claim("Bound")), true);
});

test("No replicas at all are enough where none are wanted", () => {
  const drive = new Drive(create, deployment(1, 1, 1));
  drive.see(deployment(1, 1, 1, [available, progressed]), "ADDED");
  assert.equal(drive.see(replicaSet(1, 0), "ADDED"), true);
  assert.ok(drive.log.lines.includes('~ warning: Replicas scaled to 0 for Deployment "echo"'));
});
