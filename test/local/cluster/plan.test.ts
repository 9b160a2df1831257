import assert from "node:assert/strict";
import { BlockList } from "node:net";
import { suite, test } from "node:test";
import { addressPlan, instances } from "../../../local/cluster/plan.ts";

suite("address plan", () => {
  test("all addresses of an instance lie in its block", () => {
    const plan = addressPlan("test", {});
    const block = new BlockList();
    const [network = "", bits] = plan.block.split("/");
    block.addSubnet(network, Number(bits));
    const { registryPort: _, ...addresses } = plan;
    for (const [name, value] of Object.entries(addresses)) assert.ok(block.check(value.split("/")[0] ?? ""), name);
  });

  test("no two instances share a block", () => {
    assert.equal(new Set(instances.map((instance) => addressPlan(instance, {}).block)).size, instances.length);
  });

  test("TCP_INGRESS_NETWORK moves every instance", () => {
    const env = { TCP_INGRESS_NETWORK: "172.24.0.0/13" };
    assert.equal(addressPlan("local", env).block, "172.24.0.0/16");
    assert.equal(addressPlan("test", env).node, "172.25.0.2");
  });

  for (const wrong of [
    "10.200.0.0",
    "10.200.0.0/16",
    "10.201.0.0/13",
    "10.200.1.0/13",
    "8.8.0.0/13",
    "fd00::/13",
    "here",
  ]) {
    test(`TCP_INGRESS_NETWORK=${wrong} is refused by name`, () => {
      assert.throws(() => addressPlan("local", { TCP_INGRESS_NETWORK: wrong }), {
        name: "RangeError",
        message: `Cannot use TCP_INGRESS_NETWORK=${wrong}: it takes a private IPv4 network of 13 bits, such as 10.200.0.0/13 or 172.24.0.0/13`,
      });
    });
  }
});
