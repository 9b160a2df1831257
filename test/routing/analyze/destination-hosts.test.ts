import assert from "node:assert/strict";
import { test } from "node:test";
import { destinationHosts } from "../../../routing/analyze/destination-hosts.ts";
import { findings, route, service, virtualService } from "../support.ts";

function analyzed(destination: string, parts: { service?: string; more?: string; namespace?: string } = {}): string[] {
  return findings(
    destinationHosts,
    route({
      ...parts,
      virtualService: virtualService({
        ...(parts.namespace === undefined ? {} : { namespace: parts.namespace }),
        gateways: "default/gateway",
        tcp: `- route: [{destination: {${destination}}}]`,
      }),
    }),
  );
}

test("IST0101: a destination's host does not exist", () => {
  assert.deepEqual(analyzed("host: nowhere"), [
    'Error IST0101 VirtualService default/echo test.yaml:26: Referenced host not found: "nowhere"',
  ]);
  assert.deepEqual(analyzed("host: echo", { namespace: "apps" }), [
    'Error IST0101 VirtualService apps/echo test.yaml:26: Referenced host not found: "echo"',
  ]);
});

test("IST0101: the host lacks the port", () => {
  assert.deepEqual(analyzed("host: echo, port: {number: 1}"), [
    'Error IST0101 VirtualService default/echo test.yaml:26: Referenced host:port not found: "echo:1"',
  ]);
});

test("IST0112: several ports and none named", () => {
  assert.deepEqual(analyzed("host: echo", { service: service({ ports: "{port: 1, name: a}, {port: 2, name: b}" }) }), [
    'Error IST0112 VirtualService default/echo test.yaml:26: This VirtualService routes to a service "echo" that exposes multiple ports [1 2]. Specifying a port in the destination is required to disambiguate.',
  ]);
});

test("short and full names, a port that is there, and a ServiceEntry are fine", () => {
  assert.deepEqual(analyzed("host: echo"), []);
  assert.deepEqual(analyzed("host: echo.default.svc.cluster.local", { namespace: "apps" }), []);
  assert.deepEqual(analyzed("host: echo, port: {number: 3333}"), []);
  const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: default}
spec: {hosts: [db.example.com], ports: [{number: 1, name: tcp, protocol: TCP}], resolution: DNS}`;
  assert.deepEqual(analyzed("host: db.example.com", { more: entry }), []);
});

test("TCP0023: a port that is not TCP, and a Service without any TCP port", () => {
  const udp = service({ ports: "{port: 53, protocol: UDP}" });
  assert.deepEqual(analyzed("host: echo, port: {number: 53}", { service: udp }), [
    "Error TCP0023 VirtualService default/echo test.yaml:26: Cannot route to port 53 of echo as its protocol is UDP. Use a port with protocol TCP",
  ]);
  const none =
    "Error TCP0023 VirtualService default/echo test.yaml:26: Cannot route to echo as it has no TCP port. Add one to the Service";
  assert.deepEqual(analyzed("host: echo", { service: udp }), [none]);
  assert.deepEqual(analyzed("host: echo", { service: service({ ports: "" }) }), [none]);
});
