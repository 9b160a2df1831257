import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyDestinations } from "../../../routing/analyze/empty-destinations.ts";
import { documents, findings, route, service } from "../support.ts";

const slice = (endpoints: string) => `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: echo-1, namespace: default, labels: {kubernetes.io/service-name: echo}}
addressType: IPv4
endpoints: [${endpoints}]`;

const at = "Warning TCP0024 VirtualService default/echo test.yaml:26: Connections to echo are refused as";

test("TCP0024: a Service that selects no pod", () => {
  assert.deepEqual(findings(emptyDestinations, route()), [
    `${at} Service default/echo selects no pod. Correct its selector, or start the workload`,
  ]);
});

test("TCP0024: a Service whose endpoints are not ready", () => {
  assert.deepEqual(
    findings(emptyDestinations, documents(route(), slice("{addresses: [10.0.0.1], conditions: {ready: false}}"))),
    [`${at} none of the endpoints of Service default/echo is ready. Look at its pods' readiness probes and events`],
  );
});

test("TCP0024: a Service without a selector and without endpoints", () => {
  const bare = service().replace("  selector: {app: echo}\n", "");
  assert.match(
    findings(emptyDestinations, route({ service: bare })).join(),
    /as Service default\/echo has no selector, and no EndpointSlice names it\. Give it one or the other$/,
  );
  assert.deepEqual(
    findings(emptyDestinations, documents(route({ service: bare }), slice("{addresses: [10.0.0.1]}"))),
    [],
  );
});

test("an endpoint that is ready, a WorkloadEntry that the Service selects, and a name for DNS are fine", () => {
  assert.deepEqual(findings(emptyDestinations, documents(route(), slice("{addresses: [10.0.0.1]}"))), []);
  const workload = `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: w, namespace: default}
spec: {address: 10.0.0.1, labels: {app: echo}}`;
  assert.deepEqual(findings(emptyDestinations, documents(route(), workload)), []);
  const external = service().replace("selector: {app: echo}", "type: ExternalName\n  externalName: a.com");
  assert.deepEqual(findings(emptyDestinations, route({ service: external })), []);
});
