import assert from "node:assert/strict";
import { test } from "node:test";
import { routedListeners } from "../../../policy/routing/routed-listeners.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { gateway, service, stackWith, virtualService } from "./stack.ts";

test("a listener with a route passes", async () => {
  assert.deepEqual(await judge(routedListeners, stackWith()), []);
});

test("a listener without one is a violation", async () => {
  assert.deepEqual(await judge(routedListeners, [gateway(), service]), [
    {
      message:
        "Gateway default/echo-gateway: spec.servers[0] is reported as TCP0006 (ListenerWithoutRoute): Port 31400 stays closed as no VirtualService routes it. Bind one to this Gateway whose hosts and port match the server, or take the server out; see docs/messages.md#tcp0006",
      level: "mandatory",
      severity: "medium",
      resource: "echo-gateway",
    },
  ]);
});

test("a route that is not known yet may be for it", async () => {
  assert.deepEqual(await messages(routedListeners, [gateway(), virtualService({ match: [{ port: unknown }] })]), [
    "VirtualService default/echo is not judged yet, as a preview can't know spec.tcp[0].match[0].port; it is judged at the end of the update",
  ]);
});
