import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  analyze,
  compile,
  matchRoute,
  Objects,
  selectChain,
  type RouteTable,
  type Workload,
} from "../../../routing/index.ts";
import { declared } from "../support.ts";
import { manifests, parsed } from "./manifests.ts";
import { probesOf } from "./probes.ts";
import { answer, type Answer, type Connection, type Pods } from "./reference.ts";
import { runs } from "./runs.ts";

const pods: fc.Arbitrary<Pods> = fc.record({
  namespace: fc.constantFrom("default", "apps"),
  labels: fc.constantFrom<Record<string, string>[]>(
    { istio: "ingressgateway" },
    { istio: "ingressgateway", zone: "a" },
  ),
  targetPorts: fc.constantFrom<Record<number, number>[]>({}, { 80: 8080 }, { 80: 9000 }),
});

function workloadOf({ namespace, labels, targetPorts }: Pods): Workload {
  const ports = Object.entries(targetPorts).map(([port, target]) => `{port: ${port}, targetPort: ${target}}`);
  const [service] = declared(
    `{apiVersion: v1, kind: Service, metadata: {name: ingress}, spec: {ports: [${ports.join(", ")}]}}`,
  ).services;
  return { namespace, labels, service };
}

/** What the compiled table does with a connection, in the reference's words. */
function compiledAnswer(table: RouteTable, { bindPort, bind, ...connection }: Connection): Answer | undefined {
  const listener = table.listeners.find((open) => open.bindPort === bindPort && open.bind === bind);
  const chain = listener && selectChain(listener, connection.serverName);
  const route = chain && matchRoute(chain, connection);
  if (chain === undefined || route === undefined) return undefined;
  const name = ({ namespace, name: own }: { namespace: string; name: string }) => `${namespace}/${own}`;
  return {
    gateway: name(chain.gateway),
    server: chain.server,
    virtualService: name(route.virtualService),
    rule: route.rule,
    destinations: route.destinations.map(({ cluster, weight }) => {
      const { host, port, subset } = table.clusters.get(cluster) ?? assert.fail(`no cluster ${cluster}`);
      return [`${host}:${port}+${subset ?? ""}`, weight];
    }),
  };
}

test("connections go where the reference matcher says", () => {
  const index = fc.nat();
  const picks = fc.array(fc.tuple(index, index, index, index, index), { minLength: 30, maxLength: 30 });
  fc.assert(
    fc.property(manifests, pods, picks, (list, own, picked) => {
      const { table } = compile(Objects.of(parsed(list)), workloadOf(own));
      const { sources, destinations, serverNames } = probesOf(list);
      const ports = [80, 8080, 9000, 9001];
      const pick = <T>(from: readonly T[], at: number) => from[at % from.length] as T;
      for (const [a, b, c, d, e] of picked) {
        const connection: Connection = {
          bindPort: pick(ports, a),
          bind: pick([undefined, undefined, "192.0.2.9"], b),
          sourceAddress: pick(sources, c),
          destinationAddress: pick(destinations, d),
          serverName: pick(serverNames, e),
        };
        assert.deepEqual(compiledAnswer(table, connection), answer(list, own, connection), JSON.stringify(connection));
      }
    }),
    runs(300),
  );
});

/** With the order of a Map's keys, which deepEqual would not see. */
function everything(objects: Objects, workload: Workload): unknown {
  const { table, messages } = compile(objects, workload);
  return { listeners: table.listeners, clusters: [...table.clusters], messages, analysis: analyze(objects) };
}

test("compile and analyze depend on the set of objects, not on their order", () => {
  const shuffled = manifests.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, pods, ([list, other], own) => {
      assert.deepEqual(
        everything(Objects.of(parsed(list)), workloadOf(own)),
        everything(Objects.of(parsed(other)), workloadOf(own)),
      );
    }),
    runs(100),
  );
});

test("a table is whole: its clusters are those that its routes name, every listener routes something, no weight is 0", () => {
  fc.assert(
    fc.property(manifests, pods, (list, own) => {
      const { table } = compile(Objects.of(parsed(list)), workloadOf(own));
      const routes = table.listeners.flatMap(({ chains }) => chains.flatMap((chain) => chain.routes));
      const destinations = routes.flatMap((route) => route.destinations);
      assert.deepEqual(new Set(table.clusters.keys()), new Set(destinations.map(({ cluster }) => cluster)));
      for (const { chains } of table.listeners) assert.ok(chains.every((chain) => chain.routes.length > 0));
      assert.ok(routes.every((route) => route.destinations.length > 0));
      assert.ok(destinations.every(({ weight }) => weight >= 1));
    }),
    runs(100),
  );
});
