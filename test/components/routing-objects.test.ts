import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import { DestinationRule, Gateway, TcpEcho, VirtualService } from "../../components/index.ts";
import { Engine } from "./support/engine.ts";

const custom = (kind: string) => `kubernetes:networking.istio.io/v1:${kind}`;

suite("routing components", () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await Engine.start();
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
    assert.deepEqual(made.inputs["metadata"], { name: "tcp-echo-gateway", namespace: "default" });
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
});
