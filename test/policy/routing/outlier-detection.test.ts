import assert from "node:assert/strict";
import { test } from "node:test";
import { outlierDetection } from "../../../policy/routing/outlier-detection.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { destinationRule, gateway, service, stackWith, virtualService } from "./stack.ts";

test("a destination without it is a violation at its DestinationRule", async () => {
  assert.deepEqual(await judge(outlierDetection, stackWith()), [
    {
      message:
        "DestinationRule default/echo is without outlier detection for subset v1 of echo.default.svc.cluster.local; set trafficPolicy.outlierDetection in a DestinationRule for the host",
      level: "advisory",
      severity: "medium",
      resource: "echo",
    },
  ]);
});

test("a destination without a DestinationRule is one at the route", async () => {
  const route = { route: [{ destination: { host: "echo", port: { number: 3333 } } }] };
  assert.deepEqual(await messages(outlierDetection, [gateway(), virtualService(route), service]), [
    "VirtualService default/echo is without outlier detection for echo.default.svc.cluster.local; set trafficPolicy.outlierDetection in a DestinationRule for the host",
  ]);
});

test("a destination with it passes", async () => {
  const detected = destinationRule({ outlierDetection: { consecutive5xxErrors: 3 } });
  assert.deepEqual(await judge(outlierDetection, stackWith(detected)), []);
});

test("hosts may be excepted", async () => {
  assert.deepEqual(await judge(outlierDetection, stackWith(), { except: ["*.default.svc.cluster.local"] }), []);
});

test("an unknown policy is undecided, and with it the route", async () => {
  const unsure = destinationRule({ outlierDetection: { interval: unknown } });
  assert.deepEqual(await messages(outlierDetection, stackWith(unsure)), [
    "DestinationRule default/echo is not judged yet, as a preview can't know spec.trafficPolicy.outlierDetection.interval; it is judged at the end of the update",
    "VirtualService default/echo is not judged yet, as a preview can't know spec.trafficPolicy.outlierDetection.interval of DestinationRule default/echo; it is judged at the end of the update",
  ]);
});
