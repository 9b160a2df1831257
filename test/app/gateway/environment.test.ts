import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnvironment } from "../../../app/gateway/environment.ts";
import { formatJson } from "../../../app/gateway/log/format.ts";

const least = { POD_NAME: "gateway-abc", POD_NAMESPACE: "ingress", GATEWAY_LABELS: '{"istio":"ingressgateway"}' };

test("what is left out has its default", () => {
  assert.deepEqual(readEnvironment(least), {
    podName: "gateway-abc",
    podNamespace: "ingress",
    nodeName: undefined,
    labels: { istio: "ingressgateway" },
    service: undefined,
    watchNamespaces: [],
    claims: [],
    separate: false,
    logLevel: "info",
    accessLog: { format: formatJson, start: false },
    endpointMetrics: true,
    drainGrace: 5000,
    drainLimit: 45_000,
    keepalive: undefined,
    snapshotDir: "/var/lib/gateway",
    engine: "auto",
    workers: undefined,
  });
});

test("what is given counts", () => {
  const environment = readEnvironment({
    ...least,
    GATEWAY_SERVICE: "ingressgateway",
    WATCH_NAMESPACES: "payments, shop",
    CLAIMS: '[{"ports":[5432,"31400-31499"],"gatewaysFrom":["infra"],"routesFrom":[{"matchLabels":{"team":"a"}}]}]',
    COEXIST: "separate",
    LOG_LEVEL: "debug",
    DRAIN_GRACE_SECONDS: "0",
    DRAIN_SECONDS: "1.5",
    KEEPALIVE_SECONDS: "240",
    SNAPSHOT_DIR: "/snapshots",
    GATEWAY_ENGINE: "net",
    GATEWAY_WORKERS: "3",
  });
  assert.deepEqual(environment.watchNamespaces, ["payments", "shop"]);
  assert.deepEqual(environment.claims, [
    { ports: [5432, "31400-31499"], gatewaysFrom: ["infra"], routesFrom: [{ matchLabels: { team: "a" } }] },
  ]);
  assert.equal(environment.separate, true);
  assert.deepEqual([environment.drainGrace, environment.drainLimit, environment.keepalive], [0, 1500, 240_000]);
  assert.deepEqual(
    [environment.service, environment.logLevel, environment.snapshotDir, environment.engine, environment.workers],
    ["ingressgateway", "debug", "/snapshots", "net", 3],
  );
});

for (const [variable, value, message] of [
  ["POD_NAME", "", "Cannot start as POD_NAME is not set: give it by the downward API"],
  [
    "GATEWAY_LABELS",
    "{",
    'Cannot start as GATEWAY_LABELS is "{": set it to the pod\'s labels as a JSON object of strings',
  ],
  [
    "GATEWAY_LABELS",
    '{"a":1}',
    'Cannot start as GATEWAY_LABELS is "{\\"a\\":1}": set it to the pod\'s labels as a JSON object of strings',
  ],
  ["CLAIMS", "[", 'Cannot start as CLAIMS is "[": set it to a JSON list of claims'],
  [
    "CLAIMS",
    '[{"ports":[0]}]',
    "Cannot start as CLAIMS at 0.ports.0: a port from 1 to 65535, or a range such as 31400-31499: set it to a JSON list of claims",
  ],
  ["COEXIST", "maybe", 'Cannot start as COEXIST is "maybe": choose one of separate, none'],
  ["LOG_LEVEL", "loud", 'Cannot start as LOG_LEVEL is "loud": choose one of debug, info, warn, error, silent'],
  ["DRAIN_SECONDS", "-1", 'Cannot start as DRAIN_SECONDS is "-1": set it to a number of seconds'],
  ["GATEWAY_ENGINE", "warp", 'Cannot use engine "warp": choose one of auto, net, epoll'],
] as const) {
  test(`${variable}=${value} is refused with what it may be`, () => {
    assert.throws(() => readEnvironment({ ...least, [variable]: value }), { message });
  });
}
