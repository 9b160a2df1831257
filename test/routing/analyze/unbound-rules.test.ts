import assert from "node:assert/strict";
import { test } from "node:test";
import { unboundRules } from "../../../routing/analyze/unbound-rules.ts";
import { documents, findings, gateway, pod, route, virtualService } from "../support.ts";

function analyzed(match: string, gateways = "gateway, second"): string[] {
  return findings(
    unboundRules,
    route({
      gateway: `${gateway()}\n---\n${gateway({ name: "second", port: 9001 })}`,
      virtualService: virtualService({
        gateways,
        tcp: `- match: [${match}]\n  route: [{destination: {host: echo}}]\n- route: [{destination: {host: echo}}]`,
      }),
    }),
  );
}

test("TCP0005: a match port that no bound gateway opens", () => {
  assert.deepEqual(analyzed("{port: 1}"), [
    "Error TCP0005 VirtualService default/echo test.yaml:36: Port 1 of tcp[0].match[0] is opened by none of its gateways (default/gateway, default/second), which open 9000, 9001. Add a server with port 1 to one of them, or match one of their ports",
  ]);
});

test("a gateway that the match leaves out does not count", () => {
  assert.equal(analyzed("{port: 9001, gateways: [gateway]}").length, 1);
  assert.equal(analyzed("{port: 9001}", "gateway").length, 1);
});

test("a port that one of them opens is fine, and unknown gateways are another check's affair", () => {
  assert.deepEqual(analyzed("{port: 9001}, {port: 9000, gateways: [default/gateway]}"), []);
  assert.deepEqual(analyzed("{port: 1}", "gateway, missing"), []);
});

test("a port for the mesh as well is a real Istio's affair", () => {
  assert.deepEqual(
    findings(
      unboundRules,
      documents(
        gateway(),
        virtualService({
          hosts: "a.com",
          gateways: "mesh, gateway",
          tcp: "- match: [{port: 1}, {port: 2, gateways: [mesh]}]\n  route: [{destination: {host: echo}}]",
        }),
      ),
    ),
    [],
  );
});

/** What is said of one rule on a Gateway with a server of each kind. */
function onServers(parts: Parameters<typeof virtualService>[0], more = ""): string[] {
  const servers = `- port: {number: 443, name: tls, protocol: TLS}
    hosts: [b.com, "./c.com"]
    tls: {mode: PASSTHROUGH}
  - port: {number: 8443, name: ends, protocol: TLS}
    hosts: [b.com]
    tls: {mode: SIMPLE, credentialName: certificate}
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["*"]`;
  return findings(
    unboundRules,
    documents(
      gateway({ namespace: "edge", hosts: "a.com", more: `\n  ${servers}` }),
      virtualService({ gateways: "edge/gateway", ...parts }),
      more,
    ),
  );
}

const tcp = (match: string) => `- match: [${match}]\n  route: [{destination: {host: echo}}]`;
const tls = (match: string) => `tls:\n  - match: [${match}]\n    route: [{destination: {host: echo}}]`;

test("TCP0019: a match for a Gateway that the VirtualService does not list", () => {
  assert.deepEqual(onServers({ tcp: tcp("{gateways: [gateway]}") }), [
    "Error TCP0019 VirtualService default/echo test.yaml:27: tcp[0].match[0] is for no server as the VirtualService does not list what the match is for (gateway) but edge/gateway. Add it to spec.gateways, or take it out of the match",
  ]);
});

test("TCP0019: rules of the wrong protocol", () => {
  assert.deepEqual(onServers({ tcp: tcp("{port: 443}, {port: 80}") }), [
    "Error TCP0019 VirtualService default/echo test.yaml:27: tcp[0].match[0] is for no server as there is but port 443 of Gateway edge/gateway (TLS that is passed through), and a tcp rule is for plain TCP, and for TLS that ends at the gateway. Make it a tls rule with sniHosts, or change the server",
    "Error TCP0019 VirtualService default/echo test.yaml:27: tcp[0].match[1] is for no server as there is but port 80 of Gateway edge/gateway (HTTP), and a tcp rule is for plain TCP, and for TLS that ends at the gateway. Make it a tls rule with sniHosts, or change the server",
  ]);
  assert.deepEqual(onServers({ more: tls("{port: 8443, sniHosts: [b.com]}") }), [
    "Error TCP0019 VirtualService default/echo test.yaml:26: tls[0].match[0] is for no server as there is but port 8443 of Gateway edge/gateway (TLS that ends there), and a tls rule is for TLS that the gateway passes through. Make it a tcp rule, or give the server protocol TLS and tls mode PASSTHROUGH",
  ]);
});

test("TCP0019: hosts and server names that the server does not have", () => {
  assert.deepEqual(onServers({ hosts: "b.com", tcp: tcp("{port: 9000}") }), [
    "Error TCP0019 VirtualService default/echo test.yaml:27: tcp[0].match[0] is for no server as b.com is none of the hosts of port 9000 of Gateway edge/gateway (a.com). Add it to the server's hosts, or match another port",
  ]);
  assert.deepEqual(
    onServers({ hosts: "c.com", more: tls("{port: 443, sniHosts: [c.com]}"), tcp: tcp("{port: 9000}") }),
    [
      "Error TCP0019 VirtualService default/echo test.yaml:29: tcp[0].match[0] is for no server as c.com is none of the hosts of port 9000 of Gateway edge/gateway (a.com). Add it to the server's hosts, or match another port",
      "Error TCP0019 VirtualService default/echo test.yaml:26: tls[0].match[0] is for no server as c.com is none of the hosts of port 443 of Gateway edge/gateway (b.com, ./c.com). Add it to the server's hosts, or match another port",
    ],
  );
  assert.deepEqual(onServers({ hosts: '"*.com"', more: tls("{port: 443, sniHosts: [d.com]}") }), [
    "Error TCP0019 VirtualService default/echo test.yaml:26: tls[0].match[0] is for no server as d.com is none of the hosts of port 443 of Gateway edge/gateway (b.com, ./c.com). Add it to the server's hosts, or take it out of the match",
  ]);
});

test("TCP0019: a VirtualService that the gateway's pods do not see, said once, and only where there are pods", () => {
  const hidden = { more: "exportTo: [.]", tcp: `${tcp("{port: 9000}")}\n${tcp("{port: 8443}")}` };
  assert.deepEqual(onServers(hidden, pod({ namespace: "edge" })), [
    "Error TCP0019 VirtualService default/echo test.yaml:25: The VirtualService is for no server as exportTo hides it from namespace edge, where its gateways' pods are. Add the namespace to exportTo",
  ]);
  assert.deepEqual(onServers(hidden), []);
  assert.deepEqual(onServers(hidden, pod()), []);
});

test("rules for the servers that are there are fine", () => {
  assert.deepEqual(
    onServers({
      tcp: `${tcp("{port: 9000}, {gateways: [edge/gateway]}, {port: 8443}")}\n- route: [{destination: {host: echo}}]`,
    }),
    [],
  );
  assert.deepEqual(onServers({ more: tls('{sniHosts: [b.com]}, {port: 443, sniHosts: ["*.com"]}') }), []);
});
