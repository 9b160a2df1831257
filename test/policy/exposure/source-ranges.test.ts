import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { sourceRanges } from "../../../policy/exposure/source-ranges.ts";
import { judge, messages, unknown } from "../support/judge.ts";
import { service, undecided } from "./support.ts";

const remedy = "list the CIDR blocks of the clients, such as 10.0.0.0/8";
const notSet = `Service default/web: spec.loadBalancerSourceRanges is not set, which lets everybody in; ${remedy}`;
const open = `Service default/web: spec.loadBalancerSourceRanges is a list that lets everybody in; ${remedy}`;

function ranges(...loadBalancerSourceRanges: readonly string[]) {
  return service({ loadBalancerSourceRanges });
}

function annotated(list: string) {
  return { annotations: { "service.beta.kubernetes.io/load-balancer-source-ranges": list } };
}

suite("source-ranges", () => {
  test("is content with blocks that leave somebody out", async () => {
    assert.deepEqual(await judge(sourceRanges, ranges("10.0.0.0/8", "2001:db8::/32")), []);
    assert.deepEqual(await judge(sourceRanges, ranges("0.0.0.0/1", "192.0.0.0/2")), []);
  });

  test("is not for Services without a load balancer", async () => {
    assert.deepEqual(await judge(sourceRanges, service({ type: "ClusterIP" })), []);
  });

  test("refuses none", async () => {
    assert.deepEqual(await judge(sourceRanges, service()), [
      { message: notSet, level: "mandatory", severity: "high", resource: "test" },
    ]);
    assert.deepEqual(await messages(sourceRanges, ranges()), [notSet]);
  });

  for (const list of [
    ["0.0.0.0/0"],
    ["10.0.0.0/8", "::/0"],
    ["0.0.0.0/1", "128.0.0.0/1"],
    ["128.0.0.0/1", "64.0.0.0/2", "0.0.0.0/2"],
    ["2000::/4", "3000::/4"],
    ["::ffff:0:0/96"],
  ]) {
    test(`refuses ${list.join(" and ")}, which hold a whole family`, async () => {
      assert.deepEqual(await messages(sourceRanges, ranges(...list)), [open]);
    });
  }

  test("reads the annotation of old where the field is empty", async () => {
    assert.deepEqual(await judge(sourceRanges, service({}, annotated("10.0.0.0/8, 192.168.0.0/16"))), []);
    assert.deepEqual(await messages(sourceRanges, service({}, annotated("10.0.0.0/8,0.0.0.0/0"))), [open]);
    assert.deepEqual(await messages(sourceRanges, service({}, annotated(" "))), [notSet]);
    const both = service({ loadBalancerSourceRanges: ["0.0.0.0/0"] }, annotated("10.0.0.0/8"));
    assert.deepEqual(await messages(sourceRanges, both), [open]);
  });

  test("leaves what is not known yet undecided, unless what is known is enough", async () => {
    assert.deepEqual(await messages(sourceRanges, ranges("10.0.0.0/8", unknown)), [
      undecided("spec.loadBalancerSourceRanges[1]"),
    ]);
    assert.deepEqual(await messages(sourceRanges, ranges(unknown, "0.0.0.0/0")), [open]);
    assert.deepEqual(await messages(sourceRanges, service({ loadBalancerSourceRanges: unknown })), [
      undecided("spec.loadBalancerSourceRanges"),
    ]);
  });
});
