import assert from "node:assert/strict";
import { test } from "node:test";
import { routingWarnings } from "../../../policy/routing/routing-warnings.ts";
import { judge } from "../support/judge.ts";
import { gateway, stackWith } from "./stack.ts";

const misspelt = stackWith(gateway({}, { "tcp-ingress.dev/max-conections": "10" }));

test("a stack without warnings passes, and so does a listener without a route", async () => {
  assert.deepEqual(await judge(routingWarnings, stackWith()), []);
  const [gatewayAlone] = stackWith();
  assert.ok(gatewayAlone);
  assert.deepEqual(await judge(routingWarnings, gatewayAlone), []);
});

test("a warning is reported, and does not stop the deployment", async () => {
  assert.deepEqual(await judge(routingWarnings, misspelt), [
    {
      message:
        'Gateway default/echo-gateway: metadata.annotations["tcp-ingress.dev/max-conections"] is reported as TCP0061 (UnknownAnnotation): Annotation tcp-ingress.dev/max-conections has no effect as there is none of that name; see docs/messages.md#tcp0061',
      level: "advisory",
      severity: "low",
      resource: "echo-gateway",
    },
  ]);
});

test("codes may be excepted", async () => {
  assert.deepEqual(await judge(routingWarnings, misspelt, { except: ["TCP0061"] }), []);
});
