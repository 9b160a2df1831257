import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Analysis } from "../../../routing/analyze/analysis.ts";
import { Compiler } from "../../../routing/compile/compiler.ts";
import { EndpointLists } from "../../../routing/compile/endpoint-lists.ts";
import {
  analyze,
  compile,
  Objects,
  parseObject,
  resolveEndpoints,
  type AnyObject,
  type Kind,
  type Workload,
} from "../../../routing/index.ts";

const istio = "networking.istio.io/v1";
const named = (...names: string[]) =>
  fc.record({
    name: fc.constantFrom(...names),
    namespace: fc.constantFrom("default", "apps"),
    creationTimestamp: fc.constantFrom(undefined, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
  });
const labels = fc.constantFrom({}, { app: "echo" }, { app: "echo", version: "1" }, { istio: "ingressgateway" });

const gateway = fc.record({
  apiVersion: fc.constant(istio),
  kind: fc.constant("Gateway"),
  metadata: named("a", "b"),
  spec: fc.record({
    selector: fc.constantFrom({ istio: "ingressgateway" }, { istio: "other" }, {}),
    servers: fc
      .uniqueArray(
        fc.record({
          port: fc.record({
            number: fc.constantFrom(80, 9000, 9001),
            name: fc.constantFrom("x", "y", "z"),
            protocol: fc.constantFrom("TCP", "TLS", "HTTP"),
          }),
          hosts: fc.constantFrom(
            ["*"],
            ["*.example.com"],
            ["a.example.com"],
            ["./*"],
            ["a.example.com", "b.example.com"],
          ),
        }),
        { minLength: 1, maxLength: 3, selector: ({ port }) => port.name },
      )
      .map((servers) =>
        servers.map((server) =>
          server.port.protocol === "TLS" ? { ...server, tls: { mode: "PASSTHROUGH" } } : server,
        ),
      ),
  }),
});

const route = fc.array(
  fc.record(
    {
      destination: fc.record(
        { host: fc.constantFrom("echo", "db.example.com", "nowhere"), subset: fc.constantFrom("v1", "v9") },
        { requiredKeys: ["host"] },
      ),
      weight: fc.nat(2),
    },
    { requiredKeys: ["destination"] },
  ),
  { minLength: 1, maxLength: 2 },
);

const virtualService = fc.record({
  apiVersion: fc.constant(istio),
  kind: fc.constant("VirtualService"),
  metadata: named("v", "w"),
  spec: fc.record({
    hosts: fc.constantFrom(["*"], ["a.example.com"], ["*.example.com"]),
    gateways: fc.constantFrom(["a"], ["default/a", "b"], ["missing"]),
    tcp: fc.array(
      fc.record({
        match: fc.constantFrom([], [{ port: 9000 }], [{ port: 80, sourceSubnet: "10.0.0.0/8" }, { port: 9001 }]),
        route,
      }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
});

const destinationRule = fc.record({
  apiVersion: fc.constant(istio),
  kind: fc.constant("DestinationRule"),
  metadata: named("d", "e"),
  spec: fc.record({
    host: fc.constantFrom("echo", "*.default.svc.cluster.local", "db.example.com"),
    exportTo: fc.constantFrom(undefined, ["."], ["*"]),
    trafficPolicy: fc.constantFrom(undefined, { connectionPool: { tcp: { maxConnections: 5 } } }),
    subsets: fc.constantFrom([], [{ name: "v1", labels: { version: "1" } }]),
  }),
});

const serviceEntry = fc.record({
  apiVersion: fc.constant(istio),
  kind: fc.constant("ServiceEntry"),
  metadata: named("s"),
  spec: fc.record({
    hosts: fc.constantFrom(["db.example.com"], ["*.example.com"]),
    ports: fc.constant([{ number: 5432, name: "tcp", protocol: "TCP" }]),
    resolution: fc.constantFrom("STATIC", "DNS"),
    endpoints: fc.constantFrom([], [{ address: "192.0.2.1" }]),
  }),
});

const service = fc.record({
  apiVersion: fc.constant("v1"),
  kind: fc.constant("Service"),
  metadata: named("echo", "ingress"),
  spec: fc.record({
    type: fc.constantFrom("ClusterIP", "LoadBalancer"),
    selector: labels,
    ports: fc.constantFrom([{ port: 1 }], [{ port: 80, targetPort: 9000 }], [{ port: 1 }, { port: 2, name: "b" }]),
  }),
});

const endpointSlice = fc
  .record({ metadata: named("echo-1"), ready: fc.boolean(), pod: fc.constantFrom("p", "q") })
  .map(({ metadata, ready, pod }) => ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { ...metadata, labels: { "kubernetes.io/service-name": "echo" } },
    addressType: "IPv4",
    ports: [{ port: 7 }],
    endpoints: [{ addresses: ["192.0.2.7"], conditions: { ready }, targetRef: { kind: "Pod", name: pod } }],
  }));

const pod = fc
  .record({ metadata: named("p", "q"), labels })
  .map((value) => ({ apiVersion: "v1", kind: "Pod", metadata: { ...value.metadata, labels: value.labels } }));

const namespace = fc
  .record({ name: fc.constantFrom("default", "apps"), injected: fc.boolean() })
  .map(({ name, injected }) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: injected ? { "istio-injection": "enabled" } : {} },
  }));

const object = fc
  .oneof(
    { arbitrary: virtualService, weight: 3 },
    { arbitrary: gateway, weight: 3 },
    destinationRule,
    serviceEntry,
    { arbitrary: service, weight: 2 },
    endpointSlice,
    pod,
    namespace,
  )
  .map((value): AnyObject => {
    const parsed = parseObject(JSON.parse(JSON.stringify(value)));
    assert.ok(parsed.object !== undefined, parsed.messages.map(({ message }) => message).join());
    return parsed.object;
  });

/** An object that comes or is another from now on, or one that goes. */
const change = fc.record({ object, goes: fc.boolean() });
const changes = fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });

const workload: Workload = { namespace: "default", labels: { istio: "ingressgateway" } };
const serviceIn = (objects: Objects) => objects.get("Service", "default", "ingress");

function* histories(steps: readonly (readonly { object: AnyObject; goes: boolean }[])[]): Generator<Objects> {
  let objects = Objects.empty;
  for (const step of steps) {
    objects = objects.with(
      step.map(({ object, goes }) =>
        goes ? { before: object, after: undefined } : { before: undefined, after: object },
      ),
    );
    yield objects;
  }
}

test("a set that was edited is the set that is made at once, look-ups and order included", () => {
  fc.assert(
    fc.property(changes, (steps) => {
      const kinds: readonly Kind[] = ["Gateway", "VirtualService", "Service", "Pod"];
      for (const objects of histories(steps)) {
        const fresh = Objects.of([...objects].reverse());
        for (const kind of kinds) assert.deepEqual(objects.all(kind), fresh.all(kind));
        assert.deepEqual([...objects.changesTo(fresh)], []);
      }
    }),
  );
});

test("analysis of one set after the other says what analysis of each alone says", () => {
  fc.assert(
    fc.property(changes, fc.boolean(), (steps, complete) => {
      const analysis = new Analysis({ complete });
      for (const objects of histories(steps)) {
        assert.deepEqual(analysis.update(objects), analyze(Objects.of(objects), { complete }));
      }
    }),
  );
});

test("what is compiled and joined of one set after the other is what is compiled of each alone", () => {
  fc.assert(
    fc.property(changes, (steps) => {
      const compiler = new Compiler(workload, serviceIn);
      const lists = new EndpointLists();
      for (const objects of histories(steps)) {
        const { table, messages } = compiler.update(objects);
        const alone = compile(Objects.of(objects), { ...workload, service: serviceIn(objects) });
        assert.deepEqual({ table, messages }, alone);
        assert.deepEqual([...table.clusters.keys()], [...alone.table.clusters.keys()]);
        assert.deepEqual(lists.update(table, objects), resolveEndpoints(alone.table, objects));
      }
    }),
  );
});

test("what says the same as before is the same", () => {
  fc.assert(
    fc.property(changes, (steps) => {
      const compiler = new Compiler(workload, serviceIn);
      const lists = new EndpointLists();
      for (const objects of histories(steps)) {
        const { table } = compiler.update(objects);
        const endpoints = lists.update(table, objects);
        // Every object is read anew, as a list from the API server does it.
        const again = objects.with([...objects].map((before) => ({ before, after: { ...before } })));
        assert.equal(compiler.update(again).table, table);
        assert.equal(lists.update(table, again), endpoints);
      }
    }),
  );
});
