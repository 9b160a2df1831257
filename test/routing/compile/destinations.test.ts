import assert from "node:assert/strict";
import { test } from "node:test";
import { compiled, destinationRule, route, service, short, virtualService } from "../support.ts";

function to(destinations: string, more?: string, ports?: string): ReturnType<typeof compiled> {
  return compiled(
    route({
      service: service(ports === undefined ? {} : { ports }),
      virtualService: virtualService({ tcp: `- route: [${destinations}]` }),
      ...(more === undefined ? {} : { more }),
    }),
  );
}

function destinations({ table }: ReturnType<typeof compiled>): string[] {
  return table.listeners.flatMap(({ chains: [chain] }) =>
    chain.routes.flatMap((one) => one.destinations.map(({ cluster, weight }) => `${cluster} ${weight}`)),
  );
}

const echo = "echo.default.svc.cluster.local";

test("the port may be left out where the Service has one", () => {
  assert.deepEqual(destinations(to("{destination: {host: echo}}")), [`outbound|3333||${echo} 1`]);
});

test("among several ports one has to be named", () => {
  const several = "{port: 1, name: a}, {port: 2, name: b}, {port: 3, name: c, protocol: UDP}";
  assert.deepEqual(destinations(to("{destination: {host: echo, port: {number: 2}}}", undefined, several)), [
    `outbound|2||${echo} 1`,
  ]);
  const { table, messages } = to("{destination: {host: echo}}", undefined, several);
  assert.deepEqual(table.listeners, []);
  assert.deepEqual(messages.map(short), [
    'Error IST0112 VirtualService default/echo test.yaml:26: This VirtualService routes to a service "echo" that exposes multiple ports [1 2]. Specifying a port in the destination is required to disambiguate.',
  ]);
});

test("what does not exist is left out alone", () => {
  const { messages, ...rest } = to(
    "{destination: {host: echo}, weight: 90}, {destination: {host: nowhere}, weight: 5}, {destination: {host: echo, subset: v9}, weight: 3}, {destination: {host: echo, port: {number: 1}}, weight: 2}",
  );
  assert.deepEqual(destinations({ messages, ...rest }), [`outbound|3333||${echo} 90`]);
  assert.deepEqual(messages.map(short), [
    'Error IST0101 VirtualService default/echo test.yaml:26: Referenced host not found: "nowhere"',
    'Error IST0101 VirtualService default/echo test.yaml:26: Referenced host+subset in destinationrule not found: "echo+v9"',
    'Error IST0101 VirtualService default/echo test.yaml:26: Referenced host:port not found: "echo:1"',
  ]);
});

test("weights are relative, 0 is never, and a single destination ignores its own", () => {
  const rule = destinationRule({ subsets: "{name: v1}, {name: v2}" });
  const split = (a: string, b: string) =>
    destinations(
      to(`{destination: {host: echo, subset: v1}${a}}, {destination: {host: echo, subset: v2}${b}}`, rule),
    ).map((text) => text.replace(`|${echo}`, ""));
  assert.deepEqual(split(", weight: 95", ", weight: 5"), ["outbound|3333|v1 95", "outbound|3333|v2 5"]);
  assert.deepEqual(split(", weight: 0", ", weight: 5"), ["outbound|3333|v2 5"]);
  assert.deepEqual(split("", ", weight: 5"), ["outbound|3333|v2 5"]);
  assert.deepEqual(destinations(to("{destination: {host: echo}, weight: 0}")), [`outbound|3333||${echo} 1`]);
});

test("weights that are all 0 send nothing anywhere", () => {
  const { table, messages } = to("{destination: {host: echo}, weight: 0}, {destination: {host: echo}}");
  assert.deepEqual(table.listeners, []);
  assert.deepEqual(messages.map(short), [
    "Error TCP0007 VirtualService default/echo test.yaml:26: All destinations of tcp[0] have weight 0, so that no connection can be sent anywhere. Give one of them a weight above 0",
  ]);
});

test("a subset is that of the VirtualService's namespace, else of the host's, else of the root", () => {
  const rules = (...namespaces: string[]) =>
    namespaces
      .map((namespace) =>
        destinationRule({ namespace, host: echo, subsets: `{name: v1, labels: {from: ${namespace}}}` }),
      )
      .join("\n---\n");
  const from = (more: string) => {
    const text = route({
      virtualService: virtualService({
        namespace: "apps",
        gateways: "default/gateway",
        tcp: `- route: [{destination: {host: ${echo}, subset: v1}}]`,
      }),
      more,
    });
    return [...compiled(text).table.clusters.values()].map(({ subsetLabels }) => subsetLabels["from"]);
  };
  assert.deepEqual(from(rules("default", "apps", "istio-system")), ["apps"]);
  assert.deepEqual(from(rules("default", "istio-system")), ["default"]);
  assert.deepEqual(from(rules("istio-system")), ["istio-system"]);
  assert.deepEqual(from(rules("other")), []);
});

test("what two namespaces' own rules say of one host are two clusters", () => {
  const own = (namespace: string) =>
    [
      virtualService({
        namespace,
        gateways: "default/gateway",
        tcp: `- match: [{sourceSubnet: 10.0.0.0/8}]\n  route: [{destination: {host: ${echo}}}]`,
      }),
      destinationRule({
        namespace,
        host: echo,
        more: `trafficPolicy: {connectionPool: {tcp: {connectTimeout: ${namespace.length}s}}}`,
      }),
    ].join("\n---\n");
  const { table } = compiled(route({ virtualService: own("default"), more: own("apps") }));
  assert.deepEqual(
    [...table.clusters.values()].map(({ name, trafficPolicy }) => [name, trafficPolicy.connectTimeout]),
    [
      [`outbound|3333||${echo}`, 7000],
      [`outbound|3333||${echo}@apps`, 4000],
    ],
  );
});

test("a DestinationRule that is not exported is not seen", () => {
  const seen = (exportTo: string) =>
    to(
      `{destination: {host: ${echo}, subset: v1}}`,
      destinationRule({ namespace: "istio-system", host: echo, more: `exportTo: [${exportTo}]` }),
    ).table.clusters.size > 0;
  assert.ok(seen('"*"'));
  assert.ok(seen("default"));
  assert.ok(!seen('"."'));
});

test("an exact host's rule comes before a wildcard's, and rules for one host are joined", () => {
  const { table } = to(
    "{destination: {host: echo, subset: v1}, weight: 1}, {destination: {host: echo, subset: v2}, weight: 1}",
    [
      destinationRule({
        name: "any",
        host: '"*.default.svc.cluster.local"',
        subsets: "{name: v1, labels: {from: any}}",
      }),
      destinationRule({ name: "a", subsets: "{name: v1, labels: {from: a}}" }),
      destinationRule({ name: "b", subsets: "{name: v1, labels: {from: b}}, {name: v2, labels: {from: b}}" }),
    ].join("\n---\n"),
  );
  assert.deepEqual(
    [...table.clusters.values()].map(({ subset, subsetLabels }) => [subset, subsetLabels]),
    [
      ["v1", { from: "a" }],
      ["v2", { from: "b" }],
    ],
  );
});

test("a Service of type ExternalName is resolved by DNS", () => {
  const external = service().replace("spec:", "spec:\n  type: ExternalName\n  externalName: db.example.com");
  const { table } = compiled(route({ service: external }));
  assert.deepEqual(
    [...table.clusters.values()].map(({ source }) => source),
    [{ kind: "Dns", hostname: "db.example.com", port: 3333 }],
  );
});

const entry = (more: string, host = "db.example.com") => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: default}
spec:
  hosts: ["${host}"]
  ports: [{number: 5432, name: tcp, protocol: TCP, targetPort: 15432}]
  ${more}`;

test("a ServiceEntry is a host, static or resolved by DNS", () => {
  const sources = (more: string) =>
    [...to("{destination: {host: db.example.com}}", entry(more)).table.clusters.values()].map(({ source }) => source);
  assert.deepEqual(sources("resolution: STATIC"), [{ kind: "ServiceEntry", namespace: "default", name: "db" }]);
  assert.deepEqual(sources("resolution: DNS"), [{ kind: "Dns", hostname: "db.example.com", port: 15432 }]);
  assert.deepEqual(sources("resolution: DNS\n  endpoints: [{address: primary.example.com, ports: {tcp: 1}}]"), [
    { kind: "Dns", hostname: "primary.example.com", port: 1 },
  ]);
  assert.deepEqual(sources("resolution: DNS\n  endpoints: [{address: 192.0.2.1}, {address: 192.0.2.2}]"), [
    { kind: "ServiceEntry", namespace: "default", name: "db" },
  ]);
});

test("what a gateway cannot reach is left out with a warning", () => {
  const { table, messages } = to("{destination: {host: db.example.com}}", entry("resolution: NONE"));
  assert.deepEqual(table.listeners, []);
  assert.deepEqual(messages.map(short), [
    "Warning TCP0008 VirtualService default/echo test.yaml:26: Cannot route to db.example.com as ServiceEntry db has resolution NONE, which needs the client's original destination",
  ]);
});

test("a wildcard host of a ServiceEntry holds what it covers", () => {
  const { table } = to("{destination: {host: db.example.com}}", entry("resolution: DNS", "*.example.com"));
  assert.deepEqual(
    [...table.clusters.values()].map(({ source }) => source),
    [{ kind: "Dns", hostname: "db.example.com", port: 15432 }],
  );
});
