import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionLimit } from "../../../policy/routing/connection-limit.ts";
import { judge } from "../support/judge.ts";
import { destinationRule, gateway, loadBalancer, stackWith } from "./stack.ts";

test("a public listener without a limit is a violation", async () => {
  assert.deepEqual(await judge(connectionLimit, stackWith()), [
    {
      message:
        "Gateway default/echo-gateway: spec.servers[0] is without a connection limit at port 31400; annotate the Gateway with tcp-ingress.dev/max-connections, or set connectionPool.tcp.maxConnections for echo.default.svc.cluster.local",
      level: "advisory",
      severity: "medium",
      resource: "echo-gateway",
    },
  ]);
});

test("a limit of the listener passes", async () => {
  const limited = gateway({}, { "tcp-ingress.dev/max-connections": "1000" });
  assert.deepEqual(await judge(connectionLimit, stackWith(limited)), []);
});

test("a limit of every destination passes", async () => {
  const limited = destinationRule({ connectionPool: { tcp: { maxConnections: 100 } } });
  assert.deepEqual(await judge(connectionLimit, stackWith(limited)), []);
});

test("a gateway that only the cluster reaches needs none", async () => {
  assert.deepEqual(await judge(connectionLimit, stackWith(loadBalancer({ type: "ClusterIP" }))), []);
});

test("its level is the config's", async () => {
  const [verdict] = await judge(connectionLimit, stackWith(), { enforcementLevel: "mandatory", severity: "critical" });
  assert.deepEqual([verdict?.level, verdict?.severity], ["mandatory", "critical"]);
});
