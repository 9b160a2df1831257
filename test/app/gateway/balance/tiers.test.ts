import assert from "node:assert/strict";
import { test } from "node:test";
import { loadsOf } from "../../../../app/gateway/balance/loads.ts";
import { rankHosts } from "../../../../app/gateway/balance/tiers.ts";
import type { Locality } from "../../../../routing/table.ts";
import type { Endpoint, LocalityPolicy } from "../../../../routing/table.ts";
import { balancerOf, hostsOf, spread } from "./hosts.ts";

const own: Locality = { region: "eu", zone: "eu-a" };

function ranks(endpoints: readonly Partial<Endpoint>[], policy: LocalityPolicy, where = own): number[][] {
  const hosts = hostsOf(endpoints);
  return rankHosts(hosts, policy, where).map((tier) =>
    tier.hosts.map((host) => hosts.indexOf(host as (typeof hosts)[0])),
  );
}

const hints = { kind: "hints" } as const;

test("hints are followed where each endpoint has some and the own zone is named", () => {
  const near = { zoneHints: ["eu-a"] };
  const far = { zoneHints: ["eu-b"] };
  assert.deepEqual(ranks([far, near, far], hints), [[1], [0, 2]]);
  assert.deepEqual(ranks([far, near, {}], hints), [[0, 1, 2]]);
  assert.deepEqual(ranks([far, far], hints), [[0, 1]]);
  assert.deepEqual(ranks([far, near], hints, { region: undefined, zone: undefined }), [[0, 1]]);
  assert.deepEqual(ranks([far, near], { kind: "any" }), [[0, 1]]);
});

test("near ones first: the zone, the region, the region to fail over to, the rest; terminating ones last of all", () => {
  const endpoints = [
    { region: "us", zone: "us-a" },
    { region: "asia", zone: "asia-a" },
    { region: "eu", zone: "eu-b" },
    { zone: "eu-a" },
    { region: "eu", zone: "eu-a", terminating: true },
  ];
  const failover = { kind: "failover", regions: [{ from: "eu", to: "us" }] } as const;
  assert.deepEqual(ranks(endpoints, failover), [[3], [2], [0], [1], [4]]);
  assert.deepEqual(ranks(endpoints, { kind: "failover", regions: [] }), [[3], [2], [0, 1], [4]]);
});

test("shares by locality: the first rule that fits, each endpoint once, and those of no share get nothing", () => {
  const endpoints = [{ zone: "eu-a" }, { zone: "eu-b" }, { region: "us", zone: "us-a" }, { region: "asia" }];
  const rules = [
    { from: "us/*", to: [{ locality: "us", percent: 100 }] },
    {
      from: "eu/eu-a/*",
      to: [
        { locality: "eu/eu-a/*", percent: 80 },
        { locality: "eu/*", percent: 15 },
        { locality: "us", percent: 5 },
      ],
    },
  ];
  assert.deepEqual(ranks(endpoints, { kind: "distribute", rules }), [[0], [1], [2]]);
  const hosts = hostsOf(endpoints);
  const { balancer } = balancerOf(hosts, { locality: { kind: "distribute", rules } }, { locality: own });
  const [a = 0, b = 0, c = 0, d = 0] = spread(balancer, hosts, 10_000);
  assert.ok(Math.abs(a - 8000) < 200 && Math.abs(b - 1500) < 200 && Math.abs(c - 500) < 100, `${a} ${b} ${c}`);
  assert.equal(d, 0);
  assert.deepEqual(ranks(endpoints, { kind: "distribute", rules }, { region: "asia", zone: "x" }), [[0, 1, 2, 3]]);
});

/** Shares of two ranks of ten of which so many are healthy, in percent. */
function shares(near: number, far: number, minHealthPercent = 0): number[] {
  const hosts = hostsOf(Array.from({ length: 20 }, (_, index) => ({ zone: index < 10 ? "eu-a" : "eu-b" })));
  for (const [index, host] of hosts.entries()) host.healthy = index % 10 < (index < 10 ? near : far);
  const tiers = rankHosts(hosts, { kind: "failover", regions: [] }, own);
  return loadsOf(tiers, minHealthPercent).map(({ share }) => Math.round(share * 100));
}

test("a rank takes everything until less than 72% of it is healthy, then the next helps (Envoy's table)", () => {
  assert.deepEqual(shares(10, 10), [100, 0]);
  assert.deepEqual(shares(8, 10), [100, 0]);
  assert.deepEqual(shares(7, 10), [98, 2]);
  assert.deepEqual(shares(5, 10), [70, 30]);
  assert.deepEqual(shares(2, 10), [28, 72]);
  assert.deepEqual(shares(0, 10), [0, 100]);
  assert.deepEqual(shares(2, 2), [50, 50]);
  assert.deepEqual(shares(1, 0), [100, 0]);
  assert.deepEqual(shares(0, 0), [0, 0]);
  assert.deepEqual(shares(0, 0, 10), [100, 0]);
});

test("where the near ones are full or were tried, the far ones serve", () => {
  const hosts = hostsOf([{ zone: "eu-a" }, { zone: "eu-b" }]);
  const [near, far] = hosts;
  const { balancer } = balancerOf(
    hosts,
    { locality: { kind: "failover", regions: [] }, maxConnectionsPerEndpoint: 1 },
    { locality: own },
  );
  assert.equal(balancer.pick("c", []), near);
  assert.equal(balancer.pick("c", near === undefined ? [] : [near]), far);
  near?.gauge.tryAcquire(1);
  assert.equal(balancer.pick("c", []), far);
});
