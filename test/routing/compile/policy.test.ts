import assert from "node:assert/strict";
import { test } from "node:test";
import { compile, parseYaml, type Compiled, type TrafficPolicy } from "../../../routing/index.ts";
import { destinationRule, ingress, route, virtualService } from "../support.ts";

function policy(rule?: Parameters<typeof destinationRule>[0], subset?: string): TrafficPolicy {
  const destination = subset === undefined ? "{host: echo}" : `{host: echo, subset: ${subset}}`;
  const text = route({
    virtualService: virtualService({ tcp: `- route: [{destination: ${destination}}]` }),
    ...(rule === undefined ? {} : { more: destinationRule(rule) }),
  });
  const [cluster] = undisturbed(text).table.clusters.values();
  assert.ok(cluster !== undefined);
  return cluster.trafficPolicy;
}

const defaults: TrafficPolicy = {
  connectTimeout: 10_000,
  idleTimeout: 3_600_000,
  maxConnectionDuration: undefined,
  maxConnections: undefined,
  maxConnectionsPerEndpoint: undefined,
  tcpKeepalive: undefined,
  loadBalancer: "LEAST_REQUEST",
  hashTableSize: 0,
  warmup: undefined,
  locality: { kind: "hints" },
  outlierDetection: undefined,
  healthCheck: undefined,
  tls: undefined,
  proxyProtocol: undefined,
  closeRemovedAfter: undefined,
};

/** What is declared of features that the engine has not got yet is compiled all the same. */
function undisturbed(text: string): Compiled {
  const { objects, messages } = parseYaml(text, { file: "test.yaml" });
  assert.deepEqual(
    messages.filter(({ code }) => code !== "TCP0001"),
    [],
  );
  return compile(objects, ingress);
}

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
      ...defaults,
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

const balanced = (loadBalancer: string) => policy({ more: `trafficPolicy: {loadBalancer: {${loadBalancer}}}` });

test("balancing by the client's address: a ring by default, Maglev where it is declared", () => {
  const hashed = (more: string) => {
    const { loadBalancer, hashTableSize } = balanced(`consistentHash: {useSourceIp: true${more}}`);
    return `${loadBalancer} ${hashTableSize}`;
  };
  assert.equal(hashed(""), "RING_HASH 1024");
  assert.equal(hashed(", minimumRingSize: 64"), "RING_HASH 64");
  assert.equal(hashed(", ringHash: {minimumRingSize: 2048}"), "RING_HASH 2048");
  assert.equal(hashed(", maglev: {}"), "MAGLEV 65537");
  assert.equal(hashed(", maglev: {tableSize: 251}"), "MAGLEV 251");
});

test("a table that is no prime is refused", () => {
  const more = "trafficPolicy: {loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 65536}}}}";
  assert.deepEqual(
    parseYaml(destinationRule({ more })).messages.flatMap(({ code, message }) => (code === "IST0106" ? message : [])),
    [
      "Schema validation error: spec.trafficPolicy.loadBalancer.consistentHash.maglev.tableSize: expected a prime such as 65537, found 65536",
    ],
  );
});

test("the old name of least requests, and a key that TCP has not", () => {
  assert.equal(balanced("simple: LEAST_CONN").loadBalancer, "LEAST_REQUEST");
  assert.equal(balanced("consistentHash: {httpHeaderName: user}").loadBalancer, "LEAST_REQUEST");
});

test("a warm-up is for round robin and least requests", () => {
  assert.deepEqual(balanced("warmup: {duration: 1m}").warmup, { duration: 60_000, minimumPercent: 10, aggression: 1 });
  assert.deepEqual(balanced("simple: ROUND_ROBIN, warmup: {duration: 1m, minimumPercent: 0, aggression: 2}").warmup, {
    duration: 60_000,
    minimumPercent: 0,
    aggression: 2,
  });
  assert.equal(balanced("warmupDurationSecs: 30s").warmup?.duration, 30_000);
  assert.equal(balanced("simple: RANDOM, warmup: {duration: 1m}").warmup, undefined);
});

const detection = (outlierDetection: string) =>
  policy({ more: `trafficPolicy: {outlierDetection: {${outlierDetection}}}` }).outlierDetection;

test("outlier detection has Istio's defaults and Envoy's longest ejection", () => {
  assert.deepEqual(detection(""), {
    consecutiveFailures: 5,
    interval: 10_000,
    baseEjectionTime: 30_000,
    maxEjectionTime: 300_000,
    maxEjectionPercent: 10,
    minHealthPercent: 0,
  });
  assert.equal(detection("baseEjectionTime: 10m")?.maxEjectionTime, 600_000);
  assert.equal(detection("maxEjectionPercent: 0")?.maxEjectionPercent, 10);
  assert.equal(detection("minHealthPercent: 50")?.minHealthPercent, 50);
});

test("a failure over TCP is a gateway error and a 5xx error, or a local failure where these are split off", () => {
  const failures = (text: string) => detection(text)?.consecutiveFailures;
  assert.equal(failures("consecutive5xxErrors: 7"), 7);
  assert.equal(failures("consecutiveGatewayErrors: 3"), 3);
  assert.equal(failures("consecutive5xxErrors: 2, consecutiveGatewayErrors: 3"), 2);
  assert.equal(failures("consecutive5xxErrors: 0, consecutiveGatewayErrors: 3"), 3);
  assert.equal(failures("consecutive5xxErrors: 0"), undefined);
  assert.equal(failures("splitExternalLocalOriginErrors: true, consecutive5xxErrors: 2"), 5);
  assert.equal(failures("splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 4"), 4);
  assert.equal(failures("splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 0"), undefined);
});

test("near endpoints are preferred once there is outlier detection, shares hold without it", () => {
  const locality = (setting: string, more = "") =>
    policy({ more: `trafficPolicy: {loadBalancer: {localityLbSetting: {${setting}}}${more}}` }).locality;
  const detected = ", outlierDetection: {}";
  assert.deepEqual(locality(""), { kind: "hints" });
  assert.deepEqual(locality("", detected), { kind: "failover", regions: [] });
  assert.deepEqual(locality("enabled: false", detected), { kind: "any" });
  assert.deepEqual(locality("failover: [{from: eu, to: us}]", detected), {
    kind: "failover",
    regions: [{ from: "eu", to: "us" }],
  });
  assert.deepEqual(locality("distribute: [{from: eu/a/*, to: {eu/a/*: 80, eu/b/*: 20, us/*: 0}}]"), {
    kind: "distribute",
    rules: [
      {
        from: "eu/a/*",
        to: [
          { locality: "eu/a/*", percent: 80 },
          { locality: "eu/b/*", percent: 20 },
        ],
      },
    ],
  });
  assert.deepEqual(policy({ more: "trafficPolicy: {outlierDetection: {}}" }).locality, {
    kind: "failover",
    regions: [],
  });
});

const tls = (settings: string) => policy({ more: `trafficPolicy: {tls: {${settings}}}` }).tls;

test("TLS is originated for SIMPLE and MUTUAL; who is trusted and what is presented come from a Secret or from files", () => {
  assert.equal(tls("mode: DISABLE"), undefined);
  assert.equal(tls("mode: ISTIO_MUTUAL"), undefined);
  const host = "echo.default.svc.cluster.local";
  assert.deepEqual(tls("mode: SIMPLE"), {
    mode: "SIMPLE",
    trust: undefined,
    certificate: undefined,
    caCrl: undefined,
    serverName: host,
    subjectAltNames: [host],
    insecureSkipVerify: false,
  });
  assert.deepEqual(tls("mode: MUTUAL, credentialName: pg, sni: pg.example.com, subjectAltNames: [a, b]"), {
    mode: "MUTUAL",
    trust: { kind: "Secret", name: "pg" },
    certificate: { kind: "Secret", name: "pg" },
    caCrl: undefined,
    serverName: "pg.example.com",
    subjectAltNames: ["a", "b"],
    insecureSkipVerify: false,
  });
  const files = tls("mode: MUTUAL, clientCertificate: /c, privateKey: /k, caCertificates: /ca, caCrl: /crl");
  assert.deepEqual(files?.trust, { kind: "File", certificate: "/ca", key: "" });
  assert.deepEqual(files.certificate, { kind: "File", certificate: "/c", key: "/k" });
  assert.equal(files.caCrl, "/crl");
  assert.equal(tls("mode: SIMPLE, caCertificates: system")?.trust, undefined);
  assert.equal(tls("mode: SIMPLE, insecureSkipVerify: true")?.insecureSkipVerify, true);
});

test("the mesh's own mutual TLS is reported, whatever else of TLS is served", () => {
  const { messages } = parseYaml(destinationRule({ more: "trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}" }));
  assert.ok(
    messages.some(({ code, message }) => code === "TCP0001" && message.startsWith("spec.trafficPolicy.tls.mode ")),
  );
});

test("the PROXY header's version, which ports cannot have for themselves", () => {
  assert.equal(policy({ more: "trafficPolicy: {proxyProtocol: {}}" }).proxyProtocol, "V1");
  const more =
    "trafficPolicy: {proxyProtocol: {version: V2}, portLevelSettings: [{port: {number: 3333}, loadBalancer: {simple: RANDOM}}]}";
  assert.equal(policy({ more }).proxyProtocol, "V2");
});

test("annotations of the rule: a check, a limit for endpoints, an end for connections to those that are gone", () => {
  const annotated = (annotations: string) => {
    const rule = destinationRule().replace("namespace: default}", `namespace: default, annotations: {${annotations}}}`);
    const [cluster] = undisturbed(route({ more: rule })).table.clusters.values();
    assert.ok(cluster !== undefined);
    return cluster.trafficPolicy;
  };
  const policyOf = annotated(
    '"tcp-ingress.dev/max-connections-per-endpoint": "7", "tcp-ingress.dev/close-removed-after": 30s, "tcp-ingress.dev/health-check": tcp',
  );
  assert.equal(policyOf.maxConnectionsPerEndpoint, 7);
  assert.equal(policyOf.closeRemovedAfter, 30_000);
  assert.deepEqual(policyOf.healthCheck, {
    interval: 5000,
    timeout: 1000,
    healthyThreshold: 2,
    unhealthyThreshold: 3,
    send: undefined,
    expect: undefined,
  });
  const { healthCheck } = annotated(
    String.raw`"tcp-ingress.dev/health-check": tcp, "tcp-ingress.dev/health-check-send": 'PING\r\n', "tcp-ingress.dev/health-check-expect": '+PONG\x0d', "tcp-ingress.dev/health-check-interval": 1s, "tcp-ingress.dev/health-check-healthy-threshold": "1"`,
  );
  assert.equal(healthCheck?.interval, 1000);
  assert.equal(healthCheck.healthyThreshold, 1);
  assert.equal(Buffer.from(healthCheck.send ?? "", "base64").toString(), "PING\r\n");
  assert.equal(Buffer.from(healthCheck.expect ?? "", "base64").toString(), "+PONG\r");
});
