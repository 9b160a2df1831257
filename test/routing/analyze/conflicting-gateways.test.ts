import assert from "node:assert/strict";
import { test } from "node:test";
import { conflictingGateways } from "../../../routing/analyze/conflicting-gateways.ts";
import { findings, gateway, pod } from "../support.ts";

function conflicts(...gateways: string[]): string[] {
  return findings(conflictingGateways, gateways.join("\n---\n"));
}

test("IST0145: two Gateways on one port of the same pods, whichever would win", () => {
  assert.deepEqual(conflicts(gateway({ name: "a", created: "2026-01-01T00:00:00Z" }), gateway({ name: "b" })), [
    "Error IST0145 Gateway default/a test.yaml:7: Conflict with gateways default/b (workload selector istio=ingressgateway, port 9000, hosts *).",
    "Error IST0145 Gateway default/b test.yaml:17: Conflict with gateways default/a (workload selector istio=ingressgateway, port 9000, hosts *).",
  ]);
});

test("plain TCP cannot be told apart by hosts", () => {
  assert.equal(conflicts(gateway({ name: "a", hosts: "a.com" }), gateway({ name: "b", hosts: "b.com" })).length, 2);
});

test("a selector that selects some of the other's pods conflicts, one that excludes them does not", () => {
  assert.equal(
    conflicts(gateway({ name: "a" }), gateway({ name: "b", selector: "istio: ingressgateway, zone: x" })).length,
    2,
  );
  assert.deepEqual(conflicts(gateway({ name: "a" }), gateway({ name: "b", selector: "istio: other" })), []);
});

test("selectors that have nothing in common conflict where a pod has the labels of both", () => {
  const [a, b] = [gateway({ name: "a", selector: "app: gateway" }), gateway({ name: "b", selector: "team: edge" })];
  assert.deepEqual(conflicts(a, b), []);
  assert.deepEqual(conflicts(a, b, pod({ labels: "app: gateway" })), []);
  assert.equal(conflicts(a, b, pod({ labels: "app: gateway, team: edge" })).length, 2);
});

test("rivals are named in the order of their names", () => {
  const created = "2026-01-01T00:00:00Z";
  const [finding] = conflicts(gateway({ name: "a" }), gateway({ name: "b" }), gateway({ name: "c", created }));
  assert.match(finding ?? "", /Gateway default\/c .* with gateways default\/a,default\/b /);
});

test("other ports and other addresses are fine", () => {
  assert.deepEqual(conflicts(gateway({ name: "a" }), gateway({ name: "b", port: 9001 })), []);
  assert.deepEqual(
    conflicts(gateway({ name: "a", more: "bind: 127.0.0.1" }), gateway({ name: "b", more: "bind: 127.0.0.2" })),
    [],
  );
});

test("TLS and HTTP servers conflict by host only, and with everything of another kind", () => {
  const tls = (name: string, host: string) =>
    gateway({ name, hosts: `"${host}"`, more: "tls: {mode: PASSTHROUGH}" }).replace("protocol: TCP", "protocol: TLS");
  const http = (name: string, host: string) =>
    gateway({ name, hosts: `"${host}"` }).replace("protocol: TCP", "protocol: HTTP");
  assert.deepEqual(conflicts(tls("a", "a.com"), tls("b", "b.com")), []);
  assert.equal(conflicts(tls("a", "x.a.com"), tls("b", "x.a.com")).length, 2);
  // The more specific host has its own connections.
  assert.deepEqual(conflicts(tls("a", "*.a.com"), tls("b", "x.a.com")), []);
  assert.deepEqual(conflicts(http("a", "a.com"), http("b", "b.com")), []);
  assert.equal(conflicts(tls("a", "a.com"), http("b", "b.com")).length, 2);
  assert.equal(conflicts(tls("a", "a.com"), gateway({ name: "b" })).length, 2);
});

test("two servers of one Gateway conflict as well", () => {
  const twice = gateway({ more: '\n  - {port: {number: 9000, name: again, protocol: TCP}, hosts: ["*"]}' });
  assert.equal(conflicts(twice).length, 2);
});
