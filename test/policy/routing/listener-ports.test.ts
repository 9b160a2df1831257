import assert from "node:assert/strict";
import { test } from "node:test";
import { listenerPorts } from "../../../policy/routing/listener-ports.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { gateway, resource, stackWith } from "./stack.ts";

const allowed = [5432, { from: 31400, to: 31409 }];

test("any port passes unless the config says which", async () => {
  assert.deepEqual(await judge(listenerPorts, stackWith()), []);
});

test("allowed ports pass, by number and in a range", async () => {
  assert.deepEqual(await judge(listenerPorts, stackWith(), { allowed }), []);
  const port = { number: 5432, name: "pg", protocol: "TCP" };
  assert.deepEqual(await judge(listenerPorts, gateway({ port }), { allowed }), []);
});

test("another port is a violation, whether it is served or not", async () => {
  const port = { number: 31410, name: "tcp", protocol: "TCP" };
  assert.deepEqual(await judge(listenerPorts, gateway({ port }), { allowed }), [
    {
      message:
        "Gateway default/echo-gateway: spec.servers[0].port.number is 31410; choose one that is allowed: 5432, 31400 to 31409",
      level: "mandatory",
      severity: "medium",
      resource: "echo-gateway",
    },
  ]);
});

test("the Gateway API's listeners are judged alike", async () => {
  const listeners = [{ name: "tcp", port: 9000, protocol: "TCP" }];
  const other = resource("gateway.networking.k8s.io/v1", "Gateway", "class-gateway", {
    gatewayClassName: "tcp-ingress",
    listeners,
  });
  assert.deepEqual(await messages(listenerPorts, other, { allowed }), [
    "Gateway default/class-gateway: spec.listeners[0].port is 9000; choose one that is allowed: 5432, 31400 to 31409",
  ]);
});

test("no port at all may be allowed", async () => {
  assert.deepEqual(await messages(listenerPorts, gateway(), { allowed: [] }), [
    "Gateway default/echo-gateway: spec.servers[0].port.number is 31400; choose one that is allowed: none is",
  ]);
});

test("an unknown port is undecided", async () => {
  const port = { number: unknown, name: "tcp", protocol: "TCP" };
  assert.deepEqual(await messages(listenerPorts, gateway({ port }), { allowed }), [
    "Gateway default/echo-gateway is not judged yet, as a preview can't know spec.servers[0].port.number; it is judged at the end of the update",
  ]);
});

test("a config with a port that there is none of stops the preview", async () => {
  await assert.rejects(
    judge(listenerPorts, gateway(), { allowed: [0] }),
    /config of policy listener-ports: allowed: 0/,
  );
});
