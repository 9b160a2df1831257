import assert from "node:assert/strict";
import { test } from "node:test";
import { connectTimeout } from "../../../policy/routing/connect-timeout.ts";
import { judge, messages } from "../support/judge.ts";
import { destinationRule, stackWith } from "./stack.ts";

const waiting = (time: string) => stackWith(destinationRule({ connectionPool: { tcp: { connectTimeout: time } } }));

test("Istio's default passes", async () => {
  assert.deepEqual(await judge(connectTimeout, stackWith()), []);
});

test("a longer one is a violation", async () => {
  assert.deepEqual(await judge(connectTimeout, waiting("30s")), [
    {
      message:
        "DestinationRule default/echo is waiting 30 s for subset v1 of echo.default.svc.cluster.local to connect; set connectionPool.tcp.connectTimeout to 10 s or less in a DestinationRule for the host",
      level: "advisory",
      severity: "low",
      resource: "echo",
    },
  ]);
});

test("less may be demanded, which has to be declared then", async () => {
  assert.equal((await messages(connectTimeout, stackWith(), { seconds: 5 })).length, 1);
  assert.deepEqual(await judge(connectTimeout, waiting("5s"), { seconds: 5 }), []);
});

test("hosts may be excepted", async () => {
  assert.deepEqual(await judge(connectTimeout, waiting("30s"), { except: ["echo.default.svc.cluster.local"] }), []);
});
