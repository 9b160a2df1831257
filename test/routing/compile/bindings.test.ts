import assert from "node:assert/strict";
import { test } from "node:test";
import type { Workload } from "../../../routing/index.ts";
import { compiled, gateway, ingress, route, service, virtualService } from "../support.ts";

/** `virtual service rule`, in order of preference, for the only listener. */
function routes(text: string, workload: Workload = ingress): string[] {
  return compiled(text, workload).table.listeners.flatMap(({ chains: [chain] }) =>
    chain.routes.map(({ virtualService: { namespace, name }, rule }) => `${namespace}/${name} ${rule}`),
  );
}

const elsewhere = (parts: Parameters<typeof virtualService>[0] = {}) =>
  virtualService({
    namespace: "apps",
    gateways: "default/gateway",
    tcp: "- route: [{destination: {host: echo.default.svc.cluster.local}}]",
    ...parts,
  });

test("a Gateway of another namespace is named with its namespace", () => {
  assert.deepEqual(routes(route({ virtualService: elsewhere() })), ["apps/echo tcp[0]"]);
  assert.deepEqual(routes(route({ virtualService: elsewhere({ gateways: "gateway" }) })), []);
});

test("hosts of the server and of the VirtualService have to meet", () => {
  const bound = (server: string, own: string) =>
    routes(route({ gateway: gateway({ hosts: server }), virtualService: virtualService({ hosts: own }) })).length > 0;
  assert.ok(bound('"*"', "echo.example.com"));
  assert.ok(bound("echo.example.com", '"*"'));
  assert.ok(bound('"*.example.com"', "Echo.Example.com"));
  assert.ok(!bound('"*.example.com"', "echo.example.org"));
});

test("a server's host may be for one namespace's VirtualServices only", () => {
  const bound = (host: string, text: string) =>
    routes(route({ gateway: gateway({ hosts: `"${host}"` }), virtualService: text })).length > 0;
  assert.ok(bound("apps/*", elsewhere()));
  assert.ok(!bound("apps/*", virtualService()));
  assert.ok(bound("./*", virtualService()));
  assert.ok(!bound("./*", elsewhere()));
  assert.ok(bound("*/*", elsewhere()));
});

test("exportTo decides from where a VirtualService is seen", () => {
  const seen = (exportTo: string, workload: Workload = ingress) =>
    routes(route({ virtualService: elsewhere({ more: `exportTo: [${exportTo}]` }) }), workload).length > 0;
  assert.ok(seen('"*"'));
  assert.ok(seen("default"));
  assert.ok(!seen('"."'));
  assert.ok(!seen("other"));
  assert.ok(seen("gateways", { ...ingress, namespace: "gateways" }));
});

test("match.gateways narrows and never widens", () => {
  const both = `${gateway({ name: "gateway" })}\n---\n${gateway({ name: "second", port: 9001 })}`;
  const matching = (gateways: string, listed = "gateway, second") =>
    compiled(
      route({
        gateway: both,
        virtualService: virtualService({
          gateways: listed,
          tcp: `- match: [{gateways: [${gateways}]}]\n  route: [{destination: {host: echo}}]`,
        }),
      }),
    ).table.listeners.map(({ port }) => port);
  assert.deepEqual(matching("gateway"), [9000]);
  assert.deepEqual(matching("default/second"), [9001]);
  assert.deepEqual(matching("second", "gateway"), []);
});

test("the first match wins: rules and matches in their order, VirtualServices oldest first", () => {
  const rules = `- match: [{sourceSubnet: 10.0.0.0/8}, {port: 9001}, {port: 9000, destinationSubnets: [192.0.2.0/24]}]
  route: [{destination: {host: echo}}]
- route: [{destination: {host: echo}}]`;
  const text = route({
    virtualService: [
      virtualService({ name: "new", created: "2026-01-02T00:00:00Z", tcp: rules }),
      virtualService({ name: "b" }),
      virtualService({ name: "old", created: "2026-01-01T00:00:00Z" }),
      virtualService({ name: "a" }),
    ].join("\n---\n"),
  });
  assert.deepEqual(routes(text), [
    "default/old tcp[0]",
    "default/new tcp[0].match[0]",
    "default/new tcp[0].match[2]",
    "default/new tcp[1]",
    "default/a tcp[0]",
    "default/b tcp[0]",
  ]);
});

test("what a match says is in the route, and what it cannot enforce is not", () => {
  const tcp = `- match: [{port: 9000, sourceSubnet: 10.0.0.0/8, destinationSubnets: [192.0.2.0/24, "2001:db8::/32"], sourceLabels: {a: b}}]
  route: [{destination: {host: echo}}]`;
  const { table } = compiled(route({ virtualService: virtualService({ tcp }) }));
  assert.deepEqual(table.listeners[0]?.chains[0].routes[0].match, {
    sourceSubnets: ["10.0.0.0/8"],
    destinationSubnets: ["192.0.2.0/24", "2001:db8::/32"],
    sniHosts: [],
  });
});

test("short destination hosts belong to the VirtualService's namespace, not the Gateway's", () => {
  const text = route({
    service: [service(), service({ namespace: "apps" })].join("\n---\n"),
    virtualService: elsewhere({ tcp: "- route: [{destination: {host: echo}}]" }),
  });
  assert.deepEqual([...compiled(text).table.clusters.keys()], ["outbound|3333||echo.apps.svc.cluster.local"]);
});
