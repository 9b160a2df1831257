import assert from "node:assert/strict";
import { test } from "node:test";
import { strictDestinations } from "../../../routing/analyze/strict-destinations.ts";
import { findings, documents, route } from "../support.ts";

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
