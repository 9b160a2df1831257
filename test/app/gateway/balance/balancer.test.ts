import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "../../../../app/gateway/balance/host.ts";
import type { OutlierDetection, TrafficPolicy } from "../../../../routing/table.ts";
import { balancerOf, hostsOf, plain, seeded, spread } from "./hosts.ts";

const policies: readonly TrafficPolicy["loadBalancer"][] = [
  "LEAST_REQUEST",
  "ROUND_ROBIN",
  "RANDOM",
  "PASSTHROUGH",
  "RING_HASH",
  "MAGLEV",
];

const options = (loadBalancer: TrafficPolicy["loadBalancer"]): Partial<TrafficPolicy> => ({
  loadBalancer,
  hashTableSize: loadBalancer === "MAGLEV" ? 65_537 : 1024,
});

const within = (value: number, expected: number, tolerance: number, what = ""): void => {
  assert.ok(Math.abs(value - expected) <= tolerance, `${what} ${value}, not ${expected} ± ${tolerance}`);
};

for (const loadBalancer of policies) {
  test(`${loadBalancer}: every host gets its share, none that is out, tried or full`, () => {
    const hosts = hostsOf([{}, {}, {}, {}]);
    const { balancer, changed } = balancerOf(hosts, { ...options(loadBalancer), maxConnectionsPerEndpoint: 1 });
    for (const count of spread(balancer, hosts, 4000)) within(count, 1000, 200, loadBalancer);

    const [a, b, c, d] = hosts as [(typeof hosts)[0], (typeof hosts)[0], (typeof hosts)[0], (typeof hosts)[0]];
    a.healthy = false;
    changed();
    b.gauge.tryAcquire(Infinity);
    for (let index = 0; index < 50; index++) assert.equal(balancer.pick(`10.9.0.${index}`, [c]), d);
    assert.equal(balancer.pick("10.9.0.1", [c, d]), undefined);
    assert.equal(balancer.exhausted(), false);
    for (const host of [c, d]) host.gauge.tryAcquire(Infinity);
    assert.equal(balancer.pick("10.9.0.1", []), undefined);
    assert.equal(balancer.exhausted(), true);
  });

  test(`${loadBalancer}: by weight`, () => {
    const hosts = hostsOf([{ weight: 1 }, { weight: 2 }, { weight: 5 }]);
    const { balancer } = balancerOf(hosts, options(loadBalancer));
    // Least requests keeps what is open in proportion; the others what is picked.
    const [one = 0, two = 0, five = 0] = spread(balancer, hosts, 8000, loadBalancer === "LEAST_REQUEST");
    const tolerance = loadBalancer === "RING_HASH" ? 500 : 200;
    within(one, 1000, tolerance, loadBalancer);
    within(two, 2000, tolerance, loadBalancer);
    within(five, 5000, tolerance, loadBalancer);
  });

  test(`${loadBalancer}: one host, and none`, () => {
    const [host] = plain(1);
    assert.ok(host !== undefined);
    assert.equal(balancerOf([host], options(loadBalancer)).balancer.pick("10.0.0.1", []), host);
    const { balancer } = balancerOf([], options(loadBalancer));
    assert.equal(balancer.pick("10.0.0.1", []), undefined);
    assert.equal(balancer.exhausted(), false);
  });
}

test("least requests keeps hosts level", () => {
  const hosts = plain(5);
  for (const count of spread(balancerOf(hosts).balancer, hosts, 1000, true)) within(count, 200, 10);
});

test("round robin takes turns", () => {
  const hosts = plain(3);
  const { balancer } = balancerOf(hosts, { loadBalancer: "ROUND_ROBIN" });
  const picked = Array.from({ length: 6 }, () => hosts.indexOf(balancer.pick("c", []) as (typeof hosts)[0]));
  assert.deepEqual(picked, [0, 1, 2, 0, 1, 2]);
});

for (const loadBalancer of ["MAGLEV", "RING_HASH"] as const) {
  test(`${loadBalancer}: a client keeps its host however its address is written`, () => {
    const hosts = plain(20);
    const { balancer } = balancerOf(hosts, options(loadBalancer));
    for (let index = 0; index < 100; index++) {
      const own = balancer.pick(`10.1.2.${index}`, []);
      assert.equal(balancer.pick(`::ffff:10.1.2.${index}`, []), own);
      assert.equal(balancer.pick(`2001:db8::${index}`, []), balancer.pick(`2001:DB8:0:0:0:0:0:${index}`, []));
    }
  });

  test(`${loadBalancer}: while a host is out only its own clients move, and they spread over all others`, () => {
    const hosts = plain(5);
    const { balancer, changed } = balancerOf(hosts, options(loadBalancer));
    const clients = Array.from({ length: 2000 }, (_, index) => `10.${index >> 8}.0.${index & 255}`);
    const before = clients.map((client) => balancer.pick(client, []));
    const [out] = hosts;
    assert.ok(out !== undefined);
    out.healthy = false;
    changed();
    const movedTo = new Map<Host | undefined, number>();
    for (const [index, client] of clients.entries()) {
      const now = balancer.pick(client, []);
      if (before[index] !== out) assert.equal(now, before[index]);
      else movedTo.set(now, (movedTo.get(now) ?? 0) + 1);
    }
    assert.equal(movedTo.size, 4);
    out.healthy = true;
    changed();
    for (const [index, client] of clients.entries()) assert.equal(balancer.pick(client, []), before[index]);
  });
}

test("a warm-up: a new host's share grows, and counts for nothing where all are new", () => {
  const warmup = { duration: 60_000, minimumPercent: 10, aggression: 1 };
  for (const loadBalancer of ["ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"] as const) {
    const shareAt = (now: number, since: readonly number[]): number => {
      const hosts = plain(4);
      for (const [index, host] of hosts.entries()) host.since = since[index] ?? 0;
      const { balancer } = balancerOf(hosts, { loadBalancer, warmup }, { now: () => now, random: seeded(now) });
      // Busy hosts would even out what is asked here: how the idle ones share.
      return (spread(balancer, hosts, 8000)[0] ?? 0) / 8000;
    };
    if (loadBalancer === "RANDOM") {
      within(shareAt(1_006_000, [1_000_000]), 0.25, 0.02, "no warm-up for RANDOM");
      continue;
    }
    const young = shareAt(1_006_000, [1_000_000]);
    const half = shareAt(1_030_000, [1_000_000]);
    assert.ok(young < half && half < 0.25, `${loadBalancer} ${young} ${half}`);
    if (loadBalancer === "ROUND_ROBIN") {
      within(young, 0.1 / 3.1, 0.01, "a tenth");
      within(half, 0.5 / 3.5, 0.015, "half");
    }
    within(shareAt(1_100_000, [1_000_000]), 0.25, 0.02, "warm");
    within(shareAt(1_006_000, [1_000_000, 1_000_000, 1_000_000, 1_000_000]), 0.25, 0.02, "all new");
  }
});

const detection = (minHealthPercent: number): OutlierDetection => ({
  consecutiveFailures: 5,
  interval: 10_000,
  baseEjectionTime: 30_000,
  maxEjectionTime: 300_000,
  maxEjectionPercent: 100,
  minHealthPercent,
});

test("with too few healthy hosts all are used; without a threshold none is better than a bad one", () => {
  const hosts = plain(4);
  for (const host of hosts.slice(1)) host.healthy = false;
  const calm = balancerOf(hosts, { outlierDetection: detection(25) }).balancer;
  assert.deepEqual(spread(calm, hosts, 100), [100, 0, 0, 0]);
  const panic = balancerOf(hosts, { outlierDetection: detection(26) }).balancer;
  assert.ok(spread(panic, hosts, 400).every((count) => count > 50));
  for (const host of hosts) host.healthy = false;
  assert.equal(balancerOf(hosts, { outlierDetection: detection(0) }).balancer.pick("c", []), undefined);
});

test("terminating hosts are the last resort: for when no other is left, be it for this connection", () => {
  const hosts = hostsOf([{}, { terminating: true }]);
  const [ready, terminating] = hosts;
  assert.ok(ready !== undefined && terminating !== undefined);
  const { balancer, changed } = balancerOf(hosts);
  for (let index = 0; index < 50; index++) assert.equal(balancer.pick("c", []), ready);
  assert.equal(balancer.pick("c", [ready]), terminating);
  ready.healthy = false;
  changed();
  assert.equal(balancer.pick("c", []), terminating);
  assert.equal(balancerOf([terminating]).balancer.pick("c", []), terminating);
});

test("a few that may be taken among many that may not are found, and share alike", () => {
  for (const loadBalancer of ["LEAST_REQUEST", "RANDOM"] as const) {
    const hosts = plain(500);
    for (const host of hosts.slice(2)) host.healthy = false;
    const { balancer } = balancerOf(hosts, { loadBalancer });
    const [one = 0, two = 0] = spread(balancer, hosts, 1000);
    assert.equal(one + two, 1000);
    within(one, 500, 80, loadBalancer);
  }
});
