import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeApiServer, type Stored } from "../../support/api-server.ts";
import { ControlRig } from "../../support/control-rig.ts";
import {
  destinationRule,
  endpointSlice,
  gateway,
  gatewayService,
  pod,
  scenario,
  virtualService,
} from "../../support/cluster-objects.ts";

const whole = { 31400: { v1: ["10.0.0.1"] }, 31401: { v2: ["10.0.0.2"] } };

async function started(server: FakeApiServer, options = {}): Promise<ControlRig> {
  const rig = new ControlRig(server, options);
  await rig.control.start();
  return rig;
}

test("publishes what the cluster declares, pods' labels from metadata alone", async () => {
  await using server = await FakeApiServer.start();
  server.apply(...scenario());
  using rig = await started(server);
  assert.deepEqual(rig.routes, whole);
  assert.equal(rig.last.snapshot.version, 1);
});

test("a change of routes and of endpoints is followed", async () => {
  await using server = await FakeApiServer.start();
  server.apply(...scenario());
  using rig = await started(server);
  server.apply(virtualService({ "gateway-1": "v2", "gateway-2": "v2" }));
  await rig.until(() => "v2" in (rig.routes[31400] ?? {}));
  server.apply(pod("echo-v2b", "v2"), endpointSlice({ "echo-v2": "10.0.0.2", "echo-v2b": "10.0.0.3" }));
  await rig.until(() => rig.routes[31400]?.["v2"]?.length === 2);
  server.delete("Gateway", "default", "gateway-1");
  await rig.until(() => !(31400 in rig.routes));
  assert.deepEqual(rig.routes, { 31401: { v2: ["10.0.0.2", "10.0.0.3"] } });
});

test("events that come together take effect together", async () => {
  await using server = await FakeApiServer.start();
  server.apply(...scenario());
  using rig = await started(server);
  const before = rig.published.length;
  for (let index = 0; index < 50; index++) server.apply(pod(`new-${index}`, "v1"));
  server.apply(
    endpointSlice(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`new-${index}`, `10.0.1.${index}`]))),
  );
  await rig.until(() => rig.routes[31400]?.["v1"]?.length === 50);
  assert.ok(rig.published.length - before < 10, `${rig.published.length - before} snapshots`);
});

test("an event that changes nothing that routing reads publishes nothing", async () => {
  await using server = await FakeApiServer.start();
  server.apply(...scenario());
  using rig = await started(server);
  const count = rig.published.length;
  const declared = virtualService({ "gateway-1": "v1", "gateway-2": "v2" });
  server.apply({ ...declared, status: { observedGeneration: 1 } });
  server.apply({ ...declared, metadata: { ...declared.metadata, annotations: { seen: "today" } } });
  server.apply({ ...pod("echo-v1", "v1"), status: { phase: "Running" } });
  server.apply(gateway("gateway-3", 31402));
  await rig.until(() => rig.published.length > count);
  assert.equal(rig.published.length, count + 1);
  // A Gateway without a route opens nothing: there is nothing new to serve.
  assert.equal(rig.last.snapshot.version, 1);
});

test("what has not changed is the same object in the next snapshot", async () => {
  await using server = await FakeApiServer.start();
  server.apply(...scenario());
  using rig = await started(server);
  const { table, endpoints } = rig.last.snapshot;
  server.apply(endpointSlice({ "echo-v1": "10.0.0.9", "echo-v2": "10.0.0.2" }));
  await rig.until(() => rig.routes[31400]?.["v1"]?.[0] === "10.0.0.9");
  assert.equal(rig.last.snapshot.table, table);
  const [changed, ...kept] = [...endpoints].filter(([name, list]) => rig.last.snapshot.endpoints.get(name) !== list);
  assert.equal(table.clusters.get(changed?.[0] ?? "")?.subset, "v1");
  assert.deepEqual(kept, []);

  server.apply(virtualService({ "gateway-1": "v2", "gateway-2": "v2" }));
  await rig.until(() => "v2" in (rig.routes[31400] ?? {}));
  const [first, second] = rig.last.snapshot.table.listeners;
  assert.notEqual(first, table.listeners[0]);
  assert.equal(second, table.listeners[1]);
});

for (const [what, broken, place] of [
  [
    "that does not fit its schema",
    { ...gateway("gateway-1", 31400), spec: { selector: {}, servers: "none" } },
    "Gateway default/gateway-1",
  ],
  [
    "that names an unknown subset",
    virtualService({ "gateway-1": "v3", "gateway-2": "v2" }),
    "VirtualService default/tcp-echo",
  ],
] as [string, Stored, string][]) {
  test(`a declaration ${what} leaves its last good form in force and freezes nothing else`, async () => {
    await using server = await FakeApiServer.start();
    server.apply(...scenario());
    using rig = await started(server);
    server.apply(broken);
    await rig.until(() => rig.last.messages.some(({ level }) => level === "Error"));
    assert.deepEqual(rig.routes, whole);
    assert.deepEqual(rig.rejected, [place]);

    server.apply(endpointSlice({ "echo-v1": "10.0.0.9", "echo-v2": "10.0.0.2" }));
    await rig.until(() => rig.routes[31400]?.["v1"]?.[0] === "10.0.0.9");
    server.apply(destinationRule("v1", "v2", "v3"), pod("echo-v3", "v3"), gateway("gateway-1", 31405));
    await rig.until(() => 31405 in rig.routes);
    assert.deepEqual(Object.keys(rig.routes), ["31401", "31405"]);
    assert.ok(rig.last.messages.every(({ level }) => level !== "Error"));
  });
}

test("the last good form outlives a restart", async () => {
  await using server = await FakeApiServer.start();
  server.apply(...scenario());
  let declared: readonly unknown[];
  {
    using rig = await started(server);
    declared = JSON.parse(JSON.stringify(rig.last.declared)) as unknown[];
  }
  server.apply(virtualService({ "gateway-1": "v3", "gateway-2": "v2" }));
  using restarted = await started(server, { remembered: declared, version: 7 });
  assert.deepEqual(restarted.routes, whole);
  assert.equal(restarted.last.snapshot.version, 8);
});

test("a gateway may start before the custom resources are defined", async () => {
  await using server = await FakeApiServer.start();
  server.istioVersions = [];
  server.apply(...scenario());
  using rig = await started(server);
  assert.deepEqual(rig.routes, {});
  server.istioVersions = ["v1beta1"];
  await rig.until(() => 31401 in rig.routes && 31400 in rig.routes);
  assert.deepEqual(rig.routes, whole);
});

test("a kind that may not be read and that nobody needs is gone without", async () => {
  await using server = await FakeApiServer.start();
  server.apply(...scenario());
  server.forbidden.add("serviceentries").add("workloadentries").add("namespaces");
  using rig = await started(server);
  assert.deepEqual(rig.routes, whole);
});

test("only the namespaces that it is told are watched, and its own Service", async () => {
  await using server = await FakeApiServer.start();
  server.apply(...scenario(), gatewayService(31400, 9400), {
    ...gateway("other", 31500),
    metadata: { name: "other", namespace: "elsewhere" },
  });
  using rig = await started(server, { namespaces: ["default"] });
  assert.deepEqual(rig.routes, whole);
  assert.deepEqual(
    rig.last.snapshot.table.listeners.map(({ port, bindPort }) => [port, bindPort]),
    [
      [31400, 9400],
      [31401, 31401],
    ],
  );
  assert.ok(server.requests.includes("LIST ingress/services"));
  assert.ok(
    server.requests.every((request) => /\/(?!$)/.test(request)),
    server.requests.join(),
  );
});
