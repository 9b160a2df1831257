import assert from "node:assert/strict";
import { test } from "node:test";
import { subsetPods } from "../../../routing/analyze/subset-pods.ts";
import { findings, destinationRule, documents, pod, service } from "../support.ts";

function analyzed(labels: string, subset = "{name: v1, labels: {version: v1}}"): string[] {
  return findings(subsetPods, documents(service(), destinationRule({ subsets: subset }), pod({ labels })));
}

test("IST0173: a subset whose labels, with the Service's selector, select no pod", () => {
  assert.deepEqual(analyzed("app: echo, version: v2"), [
    "Error IST0173 DestinationRule default/echo test.yaml:13: The Subset v1 defined in the DestinationRule does not select any pods. Which may lead to 503 UH (NoHealthyUpstream).",
  ]);
  assert.equal(analyzed("app: other, version: v1").length, 1);
});

test("a pod with all labels is fine, and so are labels that come from its node", () => {
  assert.deepEqual(analyzed("app: echo, version: v1"), []);
  assert.deepEqual(analyzed("app: echo", "{name: v1, labels: {topology.kubernetes.io/zone: a}}"), []);
});

test("a Service without a selector has its endpoints from elsewhere", () => {
  const headless = service().replace("  selector: {app: echo}\n", "");
  assert.deepEqual(findings(subsetPods, documents(headless, destinationRule(), pod())), []);
});
