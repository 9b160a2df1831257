import assert from "node:assert/strict";
import { test } from "node:test";
import type { Workload } from "../../../routing/index.ts";
import { compiled, declared, gateway, ingress, route, service, short, virtualService } from "../support.ts";

function ports(text: string, workload: Workload = ingress): number[] {
  return compiled(text, workload).table.listeners.map(({ port }) => port);
}

test("a Gateway is served by the pods that its selector matches", () => {
  assert.deepEqual(ports(route()), [9000]);
  assert.deepEqual(ports(route(), { namespace: "default", labels: { istio: "other" } }), []);
  assert.deepEqual(ports(route({ gateway: gateway({ selector: "istio: ingressgateway, zone: a" }) })), []);
  assert.deepEqual(
    ports(route(), { namespace: "elsewhere", labels: { istio: "ingressgateway", more: "labels" } }),
    [9000],
  );
});

test("a Gateway without a selector is served by all, and every Gateway in standalone mode", () => {
  assert.deepEqual(ports(route({ gateway: gateway().replace("  selector: {istio: ingressgateway}\n", "") })), [9000]);
  assert.deepEqual(ports(route(), { namespace: "default", labels: {}, every: true }), [9000]);
});

test("a listener is open only while a route could match", () => {
  assert.deepEqual(ports(gateway()), []);
  assert.deepEqual(ports(route({ virtualService: virtualService({ gateways: "other" }) })), []);
  const onOtherPort = virtualService({ tcp: "- match: [{port: 9001}]\n  route: [{destination: {host: echo}}]" });
  assert.deepEqual(ports(route({ virtualService: onOtherPort })), []);
});

test("the socket binds the numeric targetPort of the gateway's Service", () => {
  const bindPort = (ports: string) => {
    const [gatewayService] = declared(service({ ports })).services;
    return compiled(route(), { ...ingress, service: gatewayService }).table.listeners.map((listener) => [
      listener.port,
      listener.bindPort,
    ]);
  };
  assert.deepEqual(bindPort("{port: 9000, targetPort: 19000}"), [[9000, 19000]]);
  assert.deepEqual(bindPort("{port: 9000, targetPort: named}"), [[9000, 9000]]);
  assert.deepEqual(bindPort("{port: 9001, targetPort: 19000}"), [[9000, 9000]]);
});

test("matches speak of the declared port, whatever the socket binds", () => {
  const [gatewayService] = declared(service({ ports: "{port: 9000, targetPort: 19000}" })).services;
  const onDeclared = virtualService({ tcp: "- match: [{port: 9000}]\n  route: [{destination: {host: echo}}]" });
  assert.deepEqual(ports(route({ virtualService: onDeclared }), { ...ingress, service: gatewayService }), [9000]);
});

test("the oldest Gateway keeps a port that two claim", () => {
  const text = (first: string | undefined, second: string | undefined) =>
    route({
      gateway: `${gateway({ name: "a", ...(first === undefined ? {} : { created: first }) })}\n---\n${gateway({ name: "b", ...(second === undefined ? {} : { created: second }) })}`,
      virtualService: virtualService({ gateways: "a, b" }),
    });
  const holder = (input: string) => compiled(input).table.listeners.map(({ chains: [chain] }) => chain.gateway.name);
  assert.deepEqual(holder(text("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")), ["b"]);
  assert.deepEqual(holder(text(undefined, "2026-01-01T00:00:00Z")), ["b"]);
  assert.deepEqual(holder(text(undefined, undefined)), ["a"]);
  assert.deepEqual(compiled(text(undefined, undefined)).messages.map(short), [
    "Error IST0145 Gateway default/b test.yaml:17: Conflict with gateways default/a (workload selector istio=ingressgateway, port 9000, hosts *). default/a is older and keeps the port",
  ]);
});

test("one port on two addresses is two listeners", () => {
  const text = route({
    gateway: `${gateway({ name: "a", more: "bind: 127.0.0.1" })}\n---\n${gateway({ name: "b", more: "bind: 127.0.0.2" })}`,
    virtualService: virtualService({ gateways: "a, b" }),
  });
  const { table, messages } = compiled(text);
  assert.deepEqual(messages, []);
  assert.deepEqual(
    table.listeners.map(({ bind }) => bind),
    ["127.0.0.1", "127.0.0.2"],
  );
});

test("a protocol that is not served opens no port and says so", () => {
  const { table, messages } = compiled(route({ gateway: gateway().replace("protocol: TCP", "protocol: HTTP") }));
  assert.deepEqual(table.listeners, []);
  assert.deepEqual(messages.map(short), [
    "Warning TCP0009 Gateway default/gateway test.yaml:7: Port 9000 is not served as its protocol is HTTP. This gateway serves TCP, and TLS that it passes through or ends with a credentialName",
  ]);
});

const tlsGateway = (name: string, host: string, tls = "mode: PASSTHROUGH") =>
  gateway({ name, hosts: `"${host}"`, more: `tls: {${tls}}` }).replace("protocol: TCP", "protocol: TLS");

const tlsRoute = (name: string, gateways: string, host: string) => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: default}
spec:
  hosts: ["${host}"]
  gateways: [${gateways}]
  tls:
  - match: [{sniHosts: ["${host}"]}]
    route: [{destination: {host: echo}}]`;

test("TLS servers share a port by server name, the most specific first", () => {
  const { table, messages } = compiled(
    route({
      gateway: [tlsGateway("any", "*.a.com"), tlsGateway("one", "x.a.com")].join("\n---\n"),
      virtualService: [tlsRoute("any", "any", "*.a.com"), tlsRoute("one", "one", "x.a.com")].join("\n---\n"),
    }),
  );
  assert.deepEqual(messages, []);
  assert.deepEqual(
    table.listeners.map(({ chains }) =>
      chains.map(({ protocol, sniHosts, tls, routes: [first] }) => [protocol, sniHosts, tls, first.match.sniHosts]),
    ),
    [
      [
        ["TLS", ["x.a.com"], undefined, ["x.a.com"]],
        ["TLS", ["*.a.com"], undefined, ["*.a.com"]],
      ],
    ],
  );
});

test("of two TLS servers with one host the oldest keeps it", () => {
  const { messages } = compiled([tlsGateway("a", "x.a.com"), tlsGateway("b", "x.a.com")].join("\n---\n"));
  assert.deepEqual(
    messages.map(({ code, resource }) => `${code} ${resource}`),
    ["IST0145 Gateway default/b"],
  );
});

test("TLS that ends at the gateway takes tcp routes and the Secret's name", () => {
  const { table } = compiled(
    route({ gateway: tlsGateway("gateway", "*", "mode: SIMPLE, credentialName: cert, minProtocolVersion: TLSV1_3") }),
  );
  assert.deepEqual(
    table.listeners.map(({ chains: [{ sniHosts, tls }] }) => [sniHosts, tls?.certificates, tls?.minProtocolVersion]),
    [[[], [{ kind: "Secret", name: "cert" }], "TLSv1.3"]],
  );
});
