import assert from "node:assert/strict";
import { test } from "node:test";
import { clientAddresses } from "../../../routing/analyze/client-addresses.ts";
import { destinationRule, findings, documents, gatewayService, pod, route, virtualService } from "../support.ts";

function analyzed(match: string, more = ""): string[] {
  const tcp = `- match: [${match}]\n  route: [{destination: {host: echo}}]`;
  return findings(
    clientAddresses,
    documents(route({ virtualService: virtualService({ tcp }) }), gatewayService({ more }), pod()),
  );
}

test("TCP0015: a match on the client's address behind a Service that hides it", () => {
  assert.deepEqual(analyzed("{sourceSubnet: 10.0.0.0/8}"), [
    "Warning TCP0015 VirtualService default/echo test.yaml:26: sourceSubnet may see a node's address instead of the client's as Service default/ingress has externalTrafficPolicy Cluster. Set it to Local, or have the load balancer speak the PROXY protocol",
  ]);
});

test("TCP0015: balancing by the client's address behind such a Service", () => {
  const rule = destinationRule({ more: "trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true}}}" });
  const text = (policy: string) => documents(route(), gatewayService(), pod(), policy);
  assert.deepEqual(findings(clientAddresses, text(rule)), [
    "Warning TCP0015 VirtualService default/echo test.yaml:26: consistentHash.useSourceIp of DestinationRule default/echo may see a node's address instead of the client's as Service default/ingress has externalTrafficPolicy Cluster. Set it to Local, or have the load balancer speak the PROXY protocol",
  ]);
  assert.deepEqual(findings(clientAddresses, text(destinationRule())), []);
});

test("a Service that keeps it, and a match that does not look, are fine", () => {
  assert.deepEqual(analyzed("{sourceSubnet: 10.0.0.0/8}", "externalTrafficPolicy: Local"), []);
  assert.deepEqual(analyzed("{port: 9000}"), []);
});
