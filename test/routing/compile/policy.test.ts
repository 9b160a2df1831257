import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrafficPolicy } from "../../../routing/index.ts";
import { compiled, destinationRule, route, virtualService } from "../support.ts";

function policy(rule?: Parameters<typeof destinationRule>[0], subset?: string): TrafficPolicy {
  const destination = subset === undefined ? "{host: echo}" : `{host: echo, subset: ${subset}}`;
  const text = route({
    virtualService: virtualService({ tcp: `- route: [{destination: ${destination}}]` }),
    ...(rule === undefined ? {} : { more: destinationRule(rule) }),
  });
  const [cluster] = compiled(text).table.clusters.values();
  assert.ok(cluster !== undefined);
  return cluster.trafficPolicy;
}

const defaults: TrafficPolicy = {
  connectTimeout: 10_000,
  idleTimeout: 3_600_000,
  maxConnectionDuration: undefined,
  maxConnections: undefined,
  tcpKeepalive: undefined,
  loadBalancer: "LEAST_REQUEST",
};

test("defaults are Istio's", () => {
  assert.deepEqual(policy(), defaults);
  assert.deepEqual(policy({}), defaults);
});

test("what is declared holds", () => {
  const tcp =
    "{connectTimeout: 1s, idleTimeout: 0s, maxConnectionDuration: 1h, maxConnections: 7, tcpKeepalive: {probes: 3, time: 5m, interval: 10s}}";
  assert.deepEqual(
    policy({ more: `trafficPolicy: {connectionPool: {tcp: ${tcp}}, loadBalancer: {simple: ROUND_ROBIN}}` }),
    {
      connectTimeout: 1000,
      idleTimeout: 0,
      maxConnectionDuration: 3_600_000,
      maxConnections: 7,
      tcpKeepalive: { probes: 3, time: 300_000, interval: 10_000 },
      loadBalancer: "ROUND_ROBIN",
    },
  );
});

test("no limit may be written as 0", () => {
  assert.deepEqual(policy({ more: "trafficPolicy: {connectionPool: {tcp: {maxConnections: 0}}}" }), defaults);
});

test("a subset's component replaces the whole component", () => {
  const more =
    "trafficPolicy: {connectionPool: {tcp: {connectTimeout: 1s, maxConnections: 7}}, loadBalancer: {simple: RANDOM}}";
  const subsets = "{name: v1, trafficPolicy: {connectionPool: {tcp: {maxConnections: 9}}}}";
  assert.deepEqual(policy({ more, subsets }, "v1"), { ...defaults, maxConnections: 9, loadBalancer: "RANDOM" });
});

test("settings for the port replace everything, what they leave out has the default", () => {
  const more =
    "trafficPolicy: {connectionPool: {tcp: {maxConnections: 7}}, loadBalancer: {simple: RANDOM}, portLevelSettings: [{port: {number: 3333}, connectionPool: {tcp: {connectTimeout: 2s}}}, {port: {number: 1}, loadBalancer: {simple: ROUND_ROBIN}}]}";
  assert.deepEqual(policy({ more }), { ...defaults, connectTimeout: 2000 });
  const subsets =
    "{name: v1, trafficPolicy: {portLevelSettings: [{port: {number: 3333}, loadBalancer: {simple: ROUND_ROBIN}}]}}";
  assert.deepEqual(policy({ more, subsets }, "v1"), { ...defaults, loadBalancer: "ROUND_ROBIN" });
});

test("balancing by the client's address, and the old name of least requests", () => {
  const balanced = (loadBalancer: string) => policy({ more: `trafficPolicy: {loadBalancer: {${loadBalancer}}}` });
  assert.equal(balanced("consistentHash: {useSourceIp: true}").loadBalancer, "SOURCE_IP_HASH");
  assert.equal(balanced("simple: LEAST_CONN").loadBalancer, "LEAST_REQUEST");
});
