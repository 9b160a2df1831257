import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { buildConfig } from "./support/config.ts";
import { eventually } from "./support/eventually.ts";
import { Load } from "./support/load.ts";
import { assertScenario, ingressAddress } from "./support/routes.ts";
import { execute, kubectl, Stack } from "./support/stack.ts";

/** Connections that were there before the update, and end by themselves when the drain of the old pods has begun. */
const longLived = 20;

async function gatewayPods(): Promise<string[]> {
  const names = await kubectl([
    "get",
    "pods",
    "--selector=app.kubernetes.io/instance=ingressgateway",
    "--field-selector=status.phase=Running",
    "-o",
    "jsonpath={.items[*].metadata.name}",
  ]);
  return names.split(" ").filter((name) => name !== "");
}

suite("a rolling update of the gateway", () => {
  test("under load refuses no connection, resets none that ends within the drain time, and loses no byte", async (context) => {
    await using stack = await Stack.create("rolling-update", {
      config: { ...buildConfig(), ingress: { replicas: 2, drain: { seconds: 30 } } },
    });
    const up = await stack.up();
    assert.equal(up.code, 0, up.text);
    const host = await ingressAddress();
    await assertScenario(host, 1);

    const old = await gatewayPods();
    assert.equal(old.length, 2);
    const logs = old.map((pod) => execute("kubectl", ["logs", "--follow", pod]));
    const load = new Load(host, 31400, { clients: 4, interval: 40 });
    const end = Promise.withResolvers<undefined>();
    await load.hold(host, 31401, longLived, end.promise);

    await kubectl(["rollout", "restart", "deployment/ingressgateway"]);
    await kubectl(["rollout", "status", "deployment/ingressgateway", "--timeout=60s"]);
    // The grace of the last old pod is over, and its listeners are closed, when those that were there before go.
    const draining = await eventually("every old pod to wait for its connections", async () => {
      const texts = await Promise.all(old.map((pod) => kubectl(["logs", pod])));
      const waiting = texts.map((text) => /waiting for established connections/.test(text));
      return waiting.every(Boolean) ? texts : undefined;
    });
    const left = draining.map((text) => Number(/"connections":(\d+)[^\n]*waiting for established/.exec(text)?.[1]));
    assert.ok(left.reduce((sum, count) => sum + count, 0) >= longLived, `${left.join(" and ")} connections`);
    const before = load.whole;
    await eventually("connections by the new pods", () => Promise.resolve(load.whole > before + 50 || undefined));
    end.resolve(undefined);
    const { whole, failures } = await load.stop();
    assert.deepEqual(failures, []);
    context.diagnostic(`${whole} connections, ${longLived} of them through the whole update; none failed`);

    // Each old pod ends because nothing is left to do, and not because its time is over.
    for (const { text } of await Promise.all(logs)) {
      assert.match(text, /"Drained"/);
      assert.doesNotMatch(text, /aborting what is left/);
    }
    const pods = await eventually("the new pods alone", async () => {
      const names = await gatewayPods();
      return names.length === 2 ? names : undefined;
    });
    assert.deepEqual(
      pods.filter((pod) => old.includes(pod)),
      [],
    );
  });
});
