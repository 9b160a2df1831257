import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { loadBalancers } from "../../../policy/exposure/load-balancers.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { service } from "./support.ts";

function stack(...types: readonly string[]) {
  return types.map((type, index) => service({ type }, { name: `s${index}` }));
}

const remedy = "several Gateways can share the ports of one";
const undecided =
  "Stack is not judged yet, as a preview can't know spec.type of Service default/s1; it is judged at the end of the update";

suite("load-balancers", () => {
  test("is content with as many as there may be", async () => {
    assert.deepEqual(await judge(loadBalancers, stack("LoadBalancer", "ClusterIP", "NodePort")), []);
    assert.deepEqual(await judge(loadBalancers, []), []);
    assert.deepEqual(await judge(loadBalancers, stack("LoadBalancer", "LoadBalancer"), { maximum: 2 }), []);
  });

  test("refuses more, and names them", async () => {
    assert.deepEqual(await judge(loadBalancers, stack("LoadBalancer", "ClusterIP", "LoadBalancer")), [
      {
        message: `Stack: loadBalancers is 2 (Service default/s0, Service default/s2); have 1 or fewer: ${remedy}`,
        level: "mandatory",
        severity: "medium",
        resource: undefined,
      },
    ]);
    assert.deepEqual(await messages(loadBalancers, stack("LoadBalancer"), { maximum: 0 }), [
      `Stack: loadBalancers is 1 (Service default/s0); have 0 or fewer: ${remedy}`,
    ]);
  });

  test("is undecided only where what is not known could be one too many", async () => {
    assert.deepEqual(await messages(loadBalancers, stack("LoadBalancer", unknown)), [undecided]);
    assert.deepEqual(await messages(loadBalancers, stack("LoadBalancer", unknown), { maximum: 2 }), []);
    assert.equal((await messages(loadBalancers, stack(unknown, "LoadBalancer", "LoadBalancer"))).length, 1);
  });

  test("refuses a config that is no count", async () => {
    await assert.rejects(judge(loadBalancers, stack(), { maximum: -1 }), /policy load-balancers: maximum/);
  });
});
