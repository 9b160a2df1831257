import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareTables } from "../../../routing/compare/tables.ts";
import { compareObjects } from "../../../routing/compare/index.ts";
import { compile, matchRoute, Objects, parseObject, type AnyObject, type RouteTable } from "../../../routing/index.ts";

const workload = { namespace: "default", labels: { istio: "ingressgateway" } };

/** Nested blocks of both families, so that matches overlap. */
const block = fc.constantFrom(
  "0.0.0.0/0",
  "10.0.0.0/8",
  "10.0.0.0/9",
  "10.128.0.0/9",
  "10.1.0.0/16",
  "192.0.2.1",
  "::/0",
  "2001:db8::/32",
  "2001:db8::1",
);

const rule = fc.record({
  match: fc.array(
    fc.record(
      {
        port: fc.constantFrom(9000, 9001),
        sourceSubnet: block,
        destinationSubnets: fc.array(block, { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 2 },
  ),
  route: fc.uniqueArray(
    fc.record({
      destination: fc.record({
        host: fc.constantFrom("echo", "echo.default.svc.cluster.local", "other"),
        subset: fc.constantFrom("v1", "v2", "again"),
      }),
      weight: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ destination }) => JSON.stringify(destination) },
  ),
});

const spec = fc.record({
  hosts: fc.constant(["*"]),
  gateways: fc.constant(["gateway"]),
  tcp: fc.array(rule, { minLength: 1, maxLength: 3 }),
});

const settled = [
  {
    kind: "Gateway",
    metadata: { name: "gateway", namespace: "default" },
    spec: {
      selector: workload.labels,
      servers: [9000, 9001].map((number) => ({
        port: { number, name: `tcp-${number}`, protocol: "TCP" },
        hosts: ["*"],
      })),
    },
  },
  ...["echo", "other"].flatMap((name) => [
    { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "default" }, spec: { ports: [{ port: 1 }] } },
    {
      kind: "DestinationRule",
      metadata: { name, namespace: "default" },
      spec: {
        host: name,
        subsets: [
          { name: "v1", labels: { version: "1" } },
          { name: "v2", labels: { version: "2" } },
          { name: "again", labels: { version: "1" } },
        ],
      },
    },
  ]),
];

type Spec = typeof spec extends fc.Arbitrary<infer T> ? T : never;

function objectsOf(...specs: readonly Spec[]): AnyObject[] {
  const routes = specs.map((one, index) => ({
    kind: "VirtualService",
    metadata: { name: `route-${index}`, namespace: "default" },
    spec: one,
  }));
  return [...settled, ...routes].map((value) => {
    const { object, messages } = parseObject({ apiVersion: "networking.istio.io/v1", ...value });
    assert.ok(object !== undefined, messages.map(({ message }) => message).join());
    return object;
  });
}

/** Where a connection goes, and in what shares, by nothing but the matcher. */
function fate(table: RouteTable, port: number, sourceAddress: string, destinationAddress: string): string {
  const chain = table.listeners.find((listener) => listener.port === port)?.chains[0];
  const route = chain === undefined ? undefined : matchRoute(chain, { sourceAddress, destinationAddress });
  const shares = new Map<string, number>();
  const total = (route?.destinations ?? []).reduce((sum, { weight }) => sum + weight, 0);
  for (const { cluster: name, weight } of route?.destinations ?? []) {
    const cluster = table.clusters.get(name);
    const place = `${cluster?.host} ${cluster?.port} ${JSON.stringify(cluster?.subsetLabels)}`;
    shares.set(place, (shares.get(place) ?? 0) + (60 * weight) / total);
  }
  return JSON.stringify([...shares].map(([place, share]) => [place, Math.round(share * 1000)]).sort());
}

const address = fc.oneof(
  fc.constantFrom("10.0.0.0", "10.127.255.255", "10.128.0.0", "10.1.2.3", "192.0.2.1", "9.255.255.255", "11.0.0.0"),
  fc.constantFrom("2001:db8::1", "2001:db8::2", "2001:db9::", "::1", "ffff::"),
  fc.ipV4(),
  fc.ipV6(),
);

test("whenever some connection would fare otherwise, something is said of its port", () => {
  fc.assert(
    fc.property(
      spec,
      spec,
      fc.constantFrom(9000, 9001),
      address,
      address,
      (before, after, port, source, destination) => {
        const [old, now] = [
          compile(Objects.of(objectsOf(before)), workload).table,
          compile(Objects.of(objectsOf(after)), workload).table,
        ];
        if (fate(old, port, source, destination) === fate(now, port, source, destination)) return;
        const said = compareTables(old, now).filter(({ subject }) => subject === String(port));
        assert.notEqual(said.length, 0);
      },
    ),
    { numRuns: 500 },
  );
});

test("nothing is said where only spelling and order differ", () => {
  const respelt = spec.chain((one) =>
    fc.record({
      one: fc.constant(one),
      factor: fc.integer({ min: 1, max: 9 }),
      order: fc.infiniteStream(fc.nat()).map((stream) => [...stream.take(32)]),
    }),
  );
  fc.assert(
    fc.property(respelt, ({ one, factor, order }) => {
      const shuffled = <T>(list: readonly T[]): T[] =>
        list
          .map((item, index) => [order[index % order.length] ?? 0, item] as const)
          .sort(([a], [b]) => a - b)
          .map(([, item]) => item);
      const other = {
        ...one,
        tcp: one.tcp.map(({ match, route }) => ({
          // Matches of one rule lead to the same place, so that their order makes no difference.
          match: shuffled(match),
          route: shuffled(route).map(({ destination, weight }) => ({
            destination: {
              ...destination,
              host: destination.host === "echo" ? "echo.default.svc.cluster.local" : destination.host,
            },
            weight: weight * factor,
          })),
        })),
      };
      assert.deepEqual(compareObjects(Objects.of(objectsOf(one)), Objects.of(shuffled(objectsOf(other)))), []);
    }),
    { numRuns: 300 },
  );
});

test("a comparison and its reverse speak of the same ports", () => {
  fc.assert(
    fc.property(spec, spec, (before, after) => {
      const subjects = (changes: readonly { subject: string }[]) =>
        [...new Set(changes.map(({ subject }) => subject))].sort();
      const [one, two] = [Objects.of(objectsOf(before)), Objects.of(objectsOf(after))];
      assert.deepEqual(subjects(compareObjects(one, two)), subjects(compareObjects(two, one)));
    }),
  );
});
