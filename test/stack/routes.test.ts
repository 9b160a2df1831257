import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createRoutes } from "../../stack/routes.ts";
import { Engine } from "../components/support/engine.ts";

const custom = (kind: string) => `kubernetes:networking.istio.io/v1:${kind}`;
const selector = { istio: "ingressgateway" };

suite("routes from the config", () => {
  test("are a Gateway for each listener, and a rule and a VirtualService for each destination", async () => {
    const engine = await Engine.start();
    const gateways = createRoutes(
      {
        namespace: "default",
        selector,
        destinations: {
          pg: { host: "pg.payments", port: 5432, subsets: { v1: { version: "v1" }, v2: { version: "v2" } } },
        },
        listeners: [{ port: 5432, to: "pg", weights: { v1: 95, v2: 5 } }],
      },
      {},
    );
    assert.deepEqual(
      gateways.map(({ objectName }) => objectName),
      ["pg-5432"],
    );
    const host = "pg.payments.svc.cluster.local";
    assert.deepEqual((await engine.resource(custom("Gateway"), "pg-5432")).inputs["spec"], {
      selector,
      servers: [{ port: { number: 5432, name: "tcp-5432", protocol: "TCP" }, hosts: ["*"] }],
    });
    assert.equal(
      ((await engine.resource(custom("DestinationRule"), "pg")).inputs["spec"] as { host: string }).host,
      host,
    );
    const { tcp } = (await engine.resource(custom("VirtualService"), "pg")).inputs["spec"] as { tcp: unknown };
    const to = (subset: string, weight: number) => ({ destination: { host, subset, port: { number: 5432 } }, weight });
    assert.deepEqual(tcp, [{ match: [{ port: 5432, gateways: ["pg-5432"] }], route: [to("v1", 95), to("v2", 5)] }]);
  });

  test("have the limits and the traffic policy that the config says", async () => {
    const engine = await Engine.start();
    const trafficPolicy = { connectionPool: { tcp: { connectTimeout: "3s" } } };
    createRoutes(
      {
        namespace: "edge",
        selector,
        destinations: { pg: { host: "pg", port: 5432, subsets: {}, trafficPolicy } },
        listeners: [{ port: 5432, to: "pg", maxConnections: 500 }],
      },
      {},
    );
    const { annotations } = (await engine.resource(custom("Gateway"), "pg-5432")).inputs["metadata"] as {
      annotations: unknown;
    };
    assert.deepEqual(annotations, { "tcp-ingress.dev/max-connections": "500" });
    const { spec } = (await engine.resource(custom("DestinationRule"), "pg")).inputs;
    assert.deepEqual(spec, { host: "pg.edge.svc.cluster.local", subsets: [], trafficPolicy });
  });

  test("share a Gateway by its name, and go to all endpoints where no subset is named", async () => {
    const engine = await Engine.start();
    createRoutes(
      {
        namespace: "edge",
        selector,
        destinations: { redis: { host: "redis", port: 6379, subsets: {} } },
        listeners: [
          { port: 6379, to: "redis", gateway: "cache" },
          { port: 6380, to: "redis", gateway: "cache" },
        ],
      },
      {},
    );
    const { servers } = (await engine.resource(custom("Gateway"), "cache")).inputs["spec"] as {
      servers: { port: { number: number } }[];
    };
    assert.deepEqual(
      servers.map(({ port }) => port.number),
      [6379, 6380],
    );
    const { tcp } = (await engine.resource(custom("VirtualService"), "redis")).inputs["spec"] as {
      tcp: { route: unknown }[];
    };
    assert.deepEqual(tcp[0]?.route, [
      { destination: { host: "redis.edge.svc.cluster.local", port: { number: 6379 } } },
    ]);
  });
});
