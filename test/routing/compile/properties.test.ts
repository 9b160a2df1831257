import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { analyze, compile, matchRoute, Objects, parseObject, type AnyObject } from "../../../routing/index.ts";

const workload = { namespace: "default", labels: { istio: "ingressgateway" } };
const namespace = fc.constantFrom("default", "apps");
const created = fc.option(fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"), { nil: undefined });
const gatewayName = fc.constantFrom("a", "b", "default/a", "apps/b", "missing");
const host = fc.constantFrom("*", "*.example.com", "a.example.com");
const port = fc.constantFrom(9000, 9001);

function metadata(names: readonly string[]) {
  return fc.record({ name: fc.constantFrom(...names), namespace, creationTimestamp: created });
}

const gateway = fc.record({
  kind: fc.constant("Gateway"),
  metadata: metadata(["a", "b"]),
  spec: fc.record({
    selector: fc.constantFrom({ istio: "ingressgateway" }, { istio: "other" }, {}),
    servers: fc.uniqueArray(
      fc.record({
        port: fc.record({
          number: port,
          name: fc.constantFrom("x", "y", "z"),
          protocol: fc.constantFrom("TCP", "HTTP"),
        }),
        hosts: fc.array(fc.oneof(host, fc.constantFrom("./*", "apps/*")), { minLength: 1, maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 2, selector: (server) => server.port.name },
    ),
  }),
});

const rule = fc.record({
  match: fc.array(
    fc.record(
      {
        port,
        gateways: fc.array(gatewayName, { minLength: 1, maxLength: 2 }),
        sourceSubnet: fc.constantFrom("10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32"),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 2 },
  ),
  route: fc.array(
    fc.record(
      {
        destination: fc.record(
          {
            host: fc.constantFrom("echo", "echo.default.svc.cluster.local", "nowhere"),
            subset: fc.constantFrom("v1", "v2", "v9"),
          },
          { requiredKeys: ["host"] },
        ),
        weight: fc.nat(3),
      },
      { requiredKeys: ["destination"] },
    ),
    { minLength: 1, maxLength: 3 },
  ),
});

const virtualService = fc.record({
  kind: fc.constant("VirtualService"),
  metadata: metadata(["v", "w"]),
  spec: fc.record(
    {
      hosts: host.map((one) => [one]),
      gateways: fc.array(gatewayName, { minLength: 1, maxLength: 2 }),
      exportTo: fc.constantFrom(["*"], ["."], ["default"]),
      tcp: fc.array(rule, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ["hosts", "gateways", "tcp"] },
  ),
});

const destinationRule = fc.record({
  kind: fc.constant("DestinationRule"),
  metadata: metadata(["d", "e"]),
  spec: fc.record({
    host: fc.constantFrom("echo", "echo.default.svc.cluster.local", "*.default.svc.cluster.local"),
    subsets: fc.uniqueArray(
      fc.record({ name: fc.constantFrom("v1", "v2"), labels: fc.constantFrom({ version: "1" }, { version: "2" }) }),
      { selector: ({ name }) => name },
    ),
  }),
});

const service = fc.record({
  apiVersion: fc.constant("v1"),
  kind: fc.constant("Service"),
  metadata: metadata(["echo"]),
  spec: fc.constantFrom({ ports: [{ port: 1 }] }, { ports: [{ port: 1 }, { port: 2, name: "b" }] }),
});

const declarations = fc
  .uniqueArray(fc.oneof(gateway, virtualService, destinationRule, service), {
    maxLength: 12,
    selector: ({ kind, metadata: { namespace: of, name } }) => `${kind} ${of}/${name}`,
  })
  .map((values): AnyObject[] =>
    values.map((value) => {
      const { object, messages } = parseObject({ apiVersion: "networking.istio.io/v1", ...value });
      assert.ok(object !== undefined, messages.map(({ message }) => message).join());
      return object;
    }),
  );

/** With the order of a Map's keys, which deepEqual would not see. */
function ordered(objects: Objects): unknown {
  const { table, messages } = compile(objects, workload);
  return { listeners: table.listeners, clusters: [...table.clusters], messages, analysis: analyze(objects) };
}

test("compile and analyze depend on the set of objects, not on their order", () => {
  const shuffled = declarations.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, ([list, other]) => {
      assert.deepEqual(ordered(Objects.of(list)), ordered(Objects.of(other)));
    }),
  );
});

test("a table is whole: its clusters are those that its routes name, and every listener routes something", () => {
  fc.assert(
    fc.property(declarations, (list) => {
      const { table } = compile(Objects.of(list), workload);
      const named = table.listeners.flatMap(({ chains }) =>
        chains.flatMap(({ routes }) =>
          routes.flatMap(({ destinations }) => destinations.map(({ cluster }) => cluster)),
        ),
      );
      assert.deepEqual(new Set(table.clusters.keys()), new Set(named));
      for (const { chains } of table.listeners) {
        for (const { routes } of chains) assert.ok(routes.length > 0);
      }
      for (const { weight } of table.listeners.flatMap(({ chains }) =>
        chains.flatMap(({ routes }) => routes.flatMap(({ destinations }) => destinations)),
      )) {
        assert.ok(weight >= 1);
      }
    }),
  );
});

test("a port that a match names and no gateway opens takes no connection through that match", () => {
  fc.assert(
    fc.property(declarations, (list) => {
      const objects = Objects.of(list);
      const dead = new Set(
        analyze(objects)
          .filter(({ code }) => code === "TCP0005")
          .map(({ resource, message }) => `${resource} ${/of (\S+) is opened/.exec(message)?.[1] ?? ""}`),
      );
      for (const { chains } of compile(objects, workload).table.listeners) {
        for (const sourceAddress of ["10.1.2.3", "10.2.0.1", "2001:db8::1", "192.0.2.1"]) {
          for (const chain of chains) {
            const found = matchRoute(chain, { sourceAddress, destinationAddress: "192.0.2.9" });
            if (found === undefined) continue;
            const { namespace: of, name } = found.virtualService;
            assert.ok(!dead.has(`VirtualService ${of}/${name} ${found.rule}`));
          }
        }
      }
    }),
  );
});
