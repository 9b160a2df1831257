import assert from "node:assert/strict";
import { test } from "node:test";
import { ServiceReadiness } from "../../../../../local/plugins/kubernetes/await/service.ts";
import type { KubernetesObject } from "../../../../../local/plugins/kubernetes/object.ts";
import type { PropertyMap } from "../../../../../local/plugins/provider/index.ts";
import { Drive, object } from "./drive.ts";

const service = (spec: PropertyMap, status: PropertyMap = {}): KubernetesObject =>
  object("v1", "Service", "echo", { spec: { selector: { app: "echo" }, ...spec }, status });
const slice = (endpoints: number): KubernetesObject =>
  object("discovery.k8s.io/v1", "EndpointSlice", "echo-abc", {
    endpoints: Array.from({ length: endpoints }, () => ({ addresses: ["10.0.0.1"] })),
  });
const create = (args: ConstructorParameters<typeof ServiceReadiness>[0]) => new ServiceReadiness(args);

test("A Service is ready when its endpoints have settled", () => {
  const drive = new Drive(create, service({ type: "ClusterIP" }));
  assert.equal(drive.see(service({ type: "ClusterIP" }), "ADDED"), false);
  assert.equal(drive.see(slice(0), "ADDED"), false);
  assert.equal(drive.readiness.wakeAfter?.(), undefined);
  assert.equal(drive.see(slice(1)), false);
  assert.equal(drive.readiness.wakeAfter?.(), 1_000);
  assert.equal(drive.wake(), true);
  assert.deepEqual(drive.log.lines, ["~ [1/3] Finding Pods to direct traffic to", "~ Service initialization complete"]);
});

test("A load balancer waits for its address", () => {
  const balancer = { type: "LoadBalancer" };
  const drive = new Drive(create, service(balancer));
  drive.see(service(balancer), "ADDED");
  drive.see(slice(1), "ADDED");
  assert.equal(drive.wake(), false);
  assert.deepEqual(drive.readiness.reasons(), [
    "Service was not allocated an IP address; does your cloud provider support this?",
  ]);
  assert.equal(drive.see(service(balancer, { loadBalancer: { ingress: [{ hostname: "lb.example.com" }] } })), true);
  assert.deepEqual(drive.log.lines.slice(1), [
    "~ [2/3] Attempting to allocate IP address to Service",
    "~ Service initialization complete",
  ]);
});

test("Without pods the reason says so", () => {
  const drive = new Drive(create, service({ type: "ClusterIP" }));
  drive.see(service({ type: "ClusterIP" }), "ADDED");
  assert.deepEqual(drive.readiness.reasons(), [
    "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods",
  ]);
});

for (const [title, spec] of [
  ["A headless Service", { clusterIP: "None" }],
  ["An ExternalName Service", { type: "ExternalName" }],
  ["A Service without a selector", { selector: {} }],
] as const)
  test(`${title} does not wait for pods`, () => {
    const drive = new Drive(create, service(spec));
    assert.equal(drive.see(service(spec), "ADDED"), true);
  });

test("When time is up, endpoints that have not settled are enough", () => {
  const drive = new Drive(create, service({}));
  drive.see(service({}), "ADDED");
  drive.see(slice(1));
  assert.equal(drive.readiness.isReadyAtLast?.(), true);
});
