import assert from "node:assert/strict";
import { test } from "node:test";
import { DnsEndpoints, type Answer } from "../../../../app/gateway/control/dns.ts";
import type { Cluster, RouteTable } from "../../../../routing/table.ts";
import { FakeClock } from "../../support/clock.ts";
import { snapshotOf } from "../../support/snapshot.ts";

function dnsCluster(hostname: string): Cluster {
  const [cluster] = snapshotOf(1, [
    { port: 1, rules: [{ to: [{ subset: "v1", endpoints: [] }] }] },
  ]).table.clusters.values();
  assert.ok(cluster);
  return { ...cluster, name: hostname, source: { kind: "Dns", hostname, port: 5432 } };
}

const tableOf = (...clusters: Cluster[]): RouteTable => ({
  listeners: [],
  clusters: new Map(clusters.map((cluster) => [cluster.name, cluster])),
});

test("a name is asked for again when its answer is too old; a failure leaves what was known", async () => {
  const clock = new FakeClock();
  const answers: (readonly Answer[] | Error)[] = [
    [{ address: "10.0.0.1", ttl: 30 }],
    new Error("no name server answers"),
    [{ address: "10.0.0.2", ttl: 1000 }],
  ];
  const failures: string[] = [];
  let changes = 0;
  const dns = new DnsEndpoints({
    clock,
    changed: () => changes++,
    failed: (hostname, error) => failures.push(`${hostname}: ${error.message}`),
    resolve: () => {
      const answer = answers.shift();
      return answer instanceof Error || answer === undefined
        ? Promise.reject(answer ?? new Error("asked once more"))
        : Promise.resolve(answer);
    },
  });
  const cluster = dnsCluster("db.example");
  await dns.watch(tableOf(cluster));
  const addresses = () => dns.endpointsOf(cluster)?.map(({ address, port }) => `${address}:${port}`);
  assert.deepEqual(addresses(), ["10.0.0.1:5432"]);

  clock.advance(30_000);
  await clock.asked(2);
  assert.deepEqual(addresses(), ["10.0.0.1:5432"]);
  assert.deepEqual(failures, ["db.example: no name server answers"]);
  clock.advance(5000);
  await clock.asked(3);
  assert.deepEqual(addresses(), ["10.0.0.2:5432"]);
  assert.equal(changes, 2);
  assert.deepEqual(clock.delays, [30_000, 5000, 300_000]);

  await dns.watch(tableOf());
  assert.equal(clock.pending, 0);
});

test("an address is its own answer, and other clusters are no matter of DNS", async () => {
  const dns = new DnsEndpoints({ clock: new FakeClock(), changed: () => undefined, failed: () => undefined });
  const address = dnsCluster("10.1.2.3");
  await dns.watch(tableOf(address));
  assert.equal(dns.endpointsOf(address)?.[0]?.address, "10.1.2.3");
  const service: Cluster = { ...address, source: { kind: "Service", namespace: "a", name: "b", portName: "" } };
  assert.equal(dns.endpointsOf(service), undefined);
});
