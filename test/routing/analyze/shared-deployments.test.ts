import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedDeployments } from "../../../routing/analyze/shared-deployments.ts";
import { findings, documents, namespace, service } from "../support.ts";

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: echo, namespace: default}
spec: {template: {metadata: {labels: {app: echo}}}}`;
const mesh = namespace("istio-injection: enabled");

const other = (ports: string) => service({ name: "other", ports }).replace("app: other", "app: echo");

test("IST0116: one port and different protocols", () => {
  const text = documents(mesh, deployment, service({ ports: "{port: 53}" }), other("{port: 53, protocol: UDP}"));
  assert.deepEqual(findings(sharedDeployments, text), [
    "Warning IST0116 Deployment default/echo test.yaml:7: This deployment echo is associated with multiple services using port 53 but different protocols: [default/echo default/other]",
  ]);
});

test("IST0137: one target port and different ports", () => {
  const text = documents(mesh, deployment, service({ ports: "{port: 80, targetPort: 8080}" }), other("{port: 8080}"));
  assert.deepEqual(findings(sharedDeployments, text), [
    'Warning IST0137 Deployment default/echo test.yaml:7: This deployment echo is associated with multiple services [default/echo default/other] using targetPort "8080" but different ports: [80 8080].',
  ]);
});

test("Services that agree, and Deployments outside of the mesh, are fine", () => {
  const agreeing = [service({ ports: "{port: 80}" }), other("{port: 80}")];
  assert.deepEqual(findings(sharedDeployments, documents(mesh, deployment, ...agreeing)), []);
  const disagreeing = [service({ ports: "{port: 53}" }), other("{port: 53, protocol: UDP}")];
  assert.deepEqual(findings(sharedDeployments, documents(deployment, ...disagreeing)), []);
});

test("a waypoint is nobody's workload", () => {
  const waypoint = deployment.replace(
    "namespace: default",
    "namespace: default, labels: {gateway.istio.io/managed: istio.io-mesh-controller}",
  );
  const disagreeing = [service({ ports: "{port: 53}" }), other("{port: 53, protocol: UDP}")];
  assert.deepEqual(findings(sharedDeployments, documents(mesh, waypoint, ...disagreeing)), []);
});
