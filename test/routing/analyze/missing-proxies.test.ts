import assert from "node:assert/strict";
import { test } from "node:test";
import { missingProxies } from "../../../routing/analyze/missing-proxies.ts";
import { findings, documents, namespace, pod } from "../support.ts";

const injected = namespace("istio-injection: enabled");

test("IST0103: a pod without a sidecar where its namespace asks for one, an Info here", () => {
  assert.deepEqual(findings(missingProxies, documents(injected, pod())), [
    "Info IST0103 Pod default/pod test.yaml:7: The pod default/pod is missing the Istio proxy. This can often be resolved by restarting or redeploying the workload.",
  ]);
});

test("a sidecar, a pod that wants none and a namespace that asks for none are fine", () => {
  assert.deepEqual(findings(missingProxies, documents(injected, pod({ container: "istio-proxy" }))), []);
  const unwilling = pod({ labels: 'sidecar.istio.io/inject: "false"' });
  assert.deepEqual(findings(missingProxies, documents(injected, unwilling)), []);
  assert.deepEqual(findings(missingProxies, documents(namespace("istio-injection: disabled"), pod())), []);
  assert.deepEqual(findings(missingProxies, pod()), []);
});

test("a native sidecar is one as well", () => {
  const native = pod({}).replace("{containers:", "{initContainers: [{name: istio-proxy}], containers:");
  assert.deepEqual(findings(missingProxies, documents(namespace("istio-injection: enabled"), native)), []);
});
