import assert from "node:assert/strict";
import { test } from "node:test";
import { strictDestinations } from "../../../routing/analyze/strict-destinations.ts";
import { findings, documents, pod, route, service } from "../support.ts";

const policy = (namespace: string, mode: string, selector = "") => `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: ${namespace}}
spec: {mtls: {mode: ${mode}}${selector === "" ? "" : `, selector: {matchLabels: {${selector}}}`}}`;

function analyzed(...policies: readonly string[]): string[] {
  return findings(strictDestinations, documents(route(), ...policies));
}

test("TCP0017: a destination that takes nothing but the mesh's mutual TLS", () => {
  assert.deepEqual(analyzed(policy("default", "STRICT")), [
    "Warning TCP0017 VirtualService default/echo test.yaml:26: echo takes nothing but mutual TLS of the mesh as PeerAuthentication default/default is STRICT, and this gateway is no part of the mesh. Make it PERMISSIVE for the destination's port",
  ]);
  assert.equal(analyzed(policy("istio-system", "STRICT")).length, 1);
});

test("the narrowest policy holds", () => {
  assert.deepEqual(analyzed(policy("istio-system", "STRICT"), policy("default", "PERMISSIVE")), []);
  assert.deepEqual(analyzed(policy("default", "STRICT", "app: other")), []);
  assert.deepEqual(analyzed(policy("apps", "STRICT")), []);
});

const ported = (ports: string, mode = "UNSET") =>
  `${policy("default", mode, "app: echo")}\n`.replace("selector:", `portLevelMtls: {${ports}}, selector:`);

test("a policy for the workload's own port comes first, and UNSET leaves it to the wider one", () => {
  const targeted = (...policies: readonly string[]) =>
    findings(
      strictDestinations,
      documents(route({ service: service({ ports: "{port: 3333, targetPort: 9}" }) }), ...policies),
    );
  assert.equal(targeted(ported("9: {mode: STRICT}", "PERMISSIVE")).length, 1);
  assert.deepEqual(targeted(ported("3333: {mode: STRICT}", "PERMISSIVE")), []);
  assert.deepEqual(targeted(ported("9: {mode: PERMISSIVE}"), policy("istio-system", "STRICT")), []);
  assert.equal(targeted(ported("9: {mode: UNSET}"), policy("istio-system", "STRICT")).length, 1);
});

test("of several for one workload the oldest holds", () => {
  const aged = (name: string, mode: string, created: string) =>
    policy("default", mode).replace("name: default,", `name: ${name}, creationTimestamp: "${created}",`);
  const old = "2026-01-01T00:00:00Z";
  assert.deepEqual(analyzed(aged("a", "STRICT", "2026-01-02T00:00:00Z"), aged("b", "PERMISSIVE", old)), []);
  assert.equal(analyzed(aged("a", "STRICT", old), aged("b", "PERMISSIVE", "2026-01-02T00:00:00Z")).length, 1);
});

test("pods that are known to have no sidecar take what comes", () => {
  const strict = policy("default", "STRICT");
  assert.deepEqual(analyzed(strict, pod({ labels: "app: echo" })), []);
  assert.equal(analyzed(strict, pod({ labels: "app: echo", container: "istio-proxy" })).length, 1);
});
