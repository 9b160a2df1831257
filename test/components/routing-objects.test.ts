import assert from "node:assert/strict";
import { afterEach, beforeEach, suite, test } from "node:test";
import { DestinationRule, Gateway, RoutingCrds, TcpEcho, VirtualService } from "../../components/index.ts";
import { Engine, valueOf } from "./support/engine.ts";

const custom = (kind: string) => `kubernetes:networking.istio.io/v1:${kind}`;

suite("routing components", () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await Engine.start();
  });
  afterEach(async () => {
    await engine.resources();
  });

  test("declare the scenario as its YAML files have it", async () => {
    const echo = new TcpEcho("tcp-echo", { image: "echo@sha256:1", versions: ["v1", "v2"] });
    const rule = new DestinationRule("tcp-echo", {
      service: echo.service,
      subsets: { v1: { version: "v1" }, v2: { version: "v2" } },
    });
    const gateway1 = new Gateway("tcp-echo-gateway", { tcp: 31400 });
    const gateway2 = new Gateway("tcp-echo-gateway-v2", { tcp: 31401 });
    new VirtualService("tcp-echo", {
      tcp: [gateway1.tcp.to(rule.subset("v1")), gateway2.tcp.to(rule.subset("v2"))],
    });

    const made = await engine.resource(custom("Gateway"), "tcp-echo-gateway");
    assert.equal(made.parent, "tcp-ingress:index:Gateway::tcp-echo-gateway");
    assert.deepEqual(made.inputs["metadata"], {
      name: "tcp-echo-gateway",
      namespace: "default",
      labels: { "app.kubernetes.io/name": "tcp-ingress", "app.kubernetes.io/instance": "tcp-echo-gateway" },
    });
    assert.deepEqual(made.inputs["spec"], {
      selector: { istio: "ingressgateway" },
      servers: [{ port: { number: 31400, name: "tcp", protocol: "TCP" }, hosts: ["*"] }],
    });
    assert.deepEqual((await engine.resource(custom("DestinationRule"), "tcp-echo")).inputs["spec"], {
      host: "tcp-echo.default.svc.cluster.local",
      subsets: [
        { name: "v1", labels: { version: "v1" } },
        { name: "v2", labels: { version: "v2" } },
      ],
    });
    const to = (subset: string) => [
      { destination: { host: "tcp-echo.default.svc.cluster.local", subset, port: { number: 3333 } } },
    ];
    assert.deepEqual((await engine.resource(custom("VirtualService"), "tcp-echo")).inputs["spec"], {
      hosts: ["*"],
      gateways: ["tcp-echo-gateway", "tcp-echo-gateway-v2"],
      tcp: [
        { match: [{ port: 31400, gateways: ["tcp-echo-gateway"] }], route: to("v1") },
        { match: [{ port: 31401, gateways: ["tcp-echo-gateway-v2"] }], route: to("v2") },
      ],
    });
  });

  test("name a Gateway of another namespace with it, and each Gateway once", async () => {
    const gateway = new Gateway("databases", { namespace: "infra", tcp: { postgres: 5432, redis: 6379 } });
    const rule = new DestinationRule("pg", {
      namespace: "payments",
      host: "pg",
      port: 5432,
      subsets: { a: { v: "a" } },
    });
    new VirtualService("pg", {
      namespace: "payments",
      tcp: [
        gateway.tcp.postgres.to(rule.all(), { sourceSubnet: "10.0.0.0/8" }),
        gateway.tcp.redis.to(rule.subset("a")),
      ],
    });
    const { inputs } = await engine.resource(custom("VirtualService"), "pg");
    assert.deepEqual(inputs["spec"], {
      hosts: ["*"],
      gateways: ["infra/databases"],
      tcp: [
        {
          match: [{ port: 5432, gateways: ["infra/databases"], sourceSubnet: "10.0.0.0/8" }],
          route: [{ destination: { host: "pg", port: { number: 5432 } } }],
        },
        {
          match: [{ port: 6379, gateways: ["infra/databases"] }],
          route: [{ destination: { host: "pg", subset: "a", port: { number: 5432 } } }],
        },
      ],
    });
    assert.deepEqual(await valueOf(gateway.ports), [5432, 6379]);
  });

  test("pass a raw spec on as it is, and give typed handles on what it holds", async () => {
    const spec = {
      selector: { istio: "ingressgateway" },
      servers: [{ port: { number: 5432, name: "postgres", protocol: "TCP" }, hosts: ["*"] }],
    } as const;
    const gateway = new Gateway("pg", { spec });
    assert.deepEqual((await engine.resource(custom("Gateway"), "pg")).inputs["spec"], spec);
    assert.equal(gateway.tcp.postgres.port, 5432);
    assert.deepEqual(await valueOf(gateway.ports), [5432]);
  });

  test("split connections by weight, and refuse weights that cannot be", () => {
    const rule = new DestinationRule("pg", { host: "pg", subsets: { v1: { version: "v1" }, v2: { version: "v2" } } });
    assert.deepEqual(rule.split({ v1: 95, v2: 5 }), [
      { destination: { host: "pg", subset: "v1" }, weight: 95 },
      { destination: { host: "pg", subset: "v2" }, weight: 5 },
    ]);
    assert.throws(() => rule.split({ v1: 0, v2: 0 }), {
      name: "RangeError",
      message: "Cannot split connections to pg as no subset has a weight above 0",
    });
    assert.throws(() => rule.split({ v1: 0.5 }), {
      name: "RangeError",
      message: "Cannot split connections to pg as the weight of v1 is 0.5. Give whole numbers from 0",
    });
  });

  test("wait for the definitions that the program installs, wherever it does", async () => {
    new Gateway("tcp-echo-gateway", { tcp: 31400 });
    new RoutingCrds("crds", { crds: "install" });
    const { dependencies } = await engine.resource(custom("Gateway"), "tcp-echo-gateway");
    assert.ok(
      dependencies.some((urn) => urn.endsWith("::crds-gateways.networking.istio.io")),
      dependencies.join(),
    );
  });
});
