import assert from "node:assert/strict";
import { test } from "node:test";
import { namespaceInjection } from "../../../routing/analyze/namespace-injection.ts";
import { findings, namespace } from "../support.ts";

test("IST0102: a namespace says nothing about sidecars", () => {
  assert.deepEqual(findings(namespaceInjection, namespace("a: b", "apps")), [
    "Info IST0102 Namespace apps test.yaml:3: The namespace is not enabled for Istio injection. Run 'kubectl label namespace apps istio-injection=enabled' to enable it, or 'kubectl label namespace apps istio-injection=disabled' to explicitly mark it as not needing injection.",
  ]);
});

test("either label will do, and system namespaces need none", () => {
  assert.deepEqual(findings(namespaceInjection, namespace("istio-injection: disabled")), []);
  assert.deepEqual(findings(namespaceInjection, namespace("istio.io/rev: canary")), []);
  assert.deepEqual(findings(namespaceInjection, namespace("", "kube-system")), []);
});
