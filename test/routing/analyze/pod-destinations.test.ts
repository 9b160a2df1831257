import assert from "node:assert/strict";
import { test } from "node:test";
import { podDestinations } from "../../../routing/analyze/pod-destinations.ts";
import { parseYaml } from "../../../routing/index.ts";
import { served } from "../../../routing/schema/served.ts";
import { check, documents, findings, gateway, pod, virtualService } from "../support.ts";

const tcp = "- match: [{destinationSubnets: [10.0.0.0/8]}]\n  route: [{destination: {host: echo}}]";

function analyzed(pods: string, edge = gateway()): string[] {
  return findings(podDestinations, documents(edge, virtualService({ tcp }), pods));
}

test("TCP0021: the address that the client connected to is not to be seen by a pod", () => {
  assert.deepEqual(analyzed(pod()), [
    "Warning TCP0021 VirtualService default/echo test.yaml:19: destinationSubnets can only see the address of a pod of Gateway default/gateway, not the one that the client connected to. Match a port instead, or have the load balancer speak the PROXY protocol",
  ]);
});

test("on the host's network, by the PROXY protocol, and where no pod is known, nothing is said", () => {
  assert.deepEqual(analyzed(pod().replace("spec: {", "spec: {hostNetwork: true, ")), []);
  assert.deepEqual(analyzed(pod({ labels: "app: other" })), []);
  const annotations =
    'annotations: {tcp-ingress.dev/proxy-protocol: require, tcp-ingress.dev/proxy-protocol-sources: "10.0.0.0/8"}';
  const proxied = gateway().replace("namespace: default", `namespace: default, ${annotations}`);
  // Parsing says that the annotation has no effect as long as it is not served.
  const { objects } = parseYaml(documents(proxied, virtualService({ tcp }), pod()));
  assert.equal(check(podDestinations, objects).length, served.acceptedProxyProtocol ? 0 : 1);
});
