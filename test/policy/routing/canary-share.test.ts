import assert from "node:assert/strict";
import { test } from "node:test";
import { canaryShare } from "../../../policy/routing/canary-share.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { destinationRule, service, split, stackWith, virtualService } from "./stack.ts";

const sharing = (weights: Readonly<Record<string, number>>) => stackWith(virtualService(split(weights)));

test("whatever the weights, one subset may get the most", async () => {
  const splits: Record<string, number>[] = [{ v1: 1 }, { v1: 95, v2: 5 }, { v1: 1, v2: 1 }];
  for (const weights of splits) assert.deepEqual(await judge(canaryShare, sharing(weights)), []);
});

test("more for the others than is allowed is a violation at the route", async () => {
  assert.deepEqual(await judge(canaryShare, sharing({ v1: 3, v2: 1 }), { percent: 10 }), [
    {
      message:
        "VirtualService default/echo: spec.tcp[0] is sending 25% of connections to subset v2 of echo.default.svc.cluster.local; send 10% or less there",
      level: "mandatory",
      severity: "medium",
      resource: "echo",
    },
  ]);
  assert.deepEqual(await judge(canaryShare, sharing({ v1: 9, v2: 1 }), { percent: 10 }), []);
});

test("a subset may have a limit of its own, even where it gets the most", async () => {
  const config = { percent: 10, subsets: { v2: 30 } };
  assert.deepEqual(await judge(canaryShare, sharing({ v1: 7, v2: 3 }), config), []);
  assert.deepEqual(await messages(canaryShare, sharing({ v1: 20, v2: 80 }), config), [
    "VirtualService default/echo: spec.tcp[0] is sending 80% of connections to subset v2 of echo.default.svc.cluster.local; send 30% or less there",
  ]);
});

test("unknown weights are undecided", async () => {
  const { route } = split({ v1: 3, v2: 1 });
  const unsure = virtualService({ route: [route[0], { ...route[1], weight: unknown }] });
  assert.deepEqual(await messages(canaryShare, stackWith(unsure), { percent: 10 }), [
    "VirtualService default/echo is not judged yet, as a preview can't know spec.tcp[0].route[1].weight; it is judged at the end of the update",
  ]);
});

test("a share that is none stops the preview", async () => {
  await assert.rejects(
    judge(canaryShare, sharing({ v1: 1 }), { percent: 101 }),
    /config of policy canary-share: percent: /,
  );
});

test("a route to others' Gateway is judged where it is declared", async () => {
  const stack = sharing({ v1: 3, v2: 1 }).filter(({ type }) => !type.endsWith(":Gateway"));
  assert.equal((await messages(canaryShare, stack, { percent: 10 })).length, 1);
  const tls = [{ match: [{ port: 443, sniHosts: ["echo.example.com"] }], ...split({ v1: 3, v2: 1 }) }];
  const { props, ...other } = virtualService();
  const route = { ...other, props: { ...props, spec: { hosts: ["*"], gateways: ["infra/shared"], tls } } };
  assert.deepEqual(await messages(canaryShare, [route, destinationRule(), service], { percent: 10 }), [
    "VirtualService default/echo: spec.tls[0] is sending 25% of connections to subset v2 of echo.default.svc.cluster.local; send 10% or less there",
  ]);
});
