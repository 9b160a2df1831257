import assert from "node:assert/strict";
import { test } from "node:test";
import { unreadySubsets } from "../../../routing/analyze/unready-subsets.ts";
import { findings, destinationRule, documents, pod, service } from "../support.ts";

function analyzed(ready: boolean): string[] {
  const slice = `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: echo-1, namespace: default, labels: {kubernetes.io/service-name: echo}}
addressType: IPv4
endpoints: [{addresses: [10.0.0.1], conditions: {ready: ${ready}}, targetRef: {kind: Pod, name: pod}}]`;
  return findings(
    unreadySubsets,
    documents(service(), destinationRule(), pod({ labels: "app: echo, version: v1" }), slice),
  );
}

test("TCP0013: a subset has pods, and none is ready", () => {
  assert.deepEqual(analyzed(false), [
    "Warning TCP0013 DestinationRule default/echo test.yaml:13: Subset v1 has 1 pod and none is ready, so that its connections are refused. See kubectl describe pod -n default pod",
  ]);
});

test("one that is ready is enough", () => {
  assert.deepEqual(analyzed(true), []);
});
