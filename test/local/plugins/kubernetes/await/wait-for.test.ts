import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compileJsonPath } from "../../../../../local/plugins/kubernetes/await/json-path.ts";
import { waitForOf } from "../../../../../local/plugins/kubernetes/await/wait-for.ts";
import type { PropertyMap } from "../../../../../local/plugins/provider/index.ts";
import { Drive, object } from "./drive.ts";

const status: PropertyMap = {
  phase: "Running",
  loadBalancer: { ingress: [{ ip: "192.0.2.1" }] },
  conditions: [
    { type: "Ready", status: "True" },
    { type: "Synced", status: "False" },
  ],
};

function drive(waitFor: string, startStatus: PropertyMap = {}): Drive {
  const start = object("example.com/v1", "Thing", "a", {
    metadata: { annotations: { "pulumi.com/waitFor": waitFor } },
    status: startStatus,
  });
  const factory = waitForOf(start);
  assert.ok(factory);
  return new Drive(factory, start);
}

const thing = (of: PropertyMap) => object("example.com/v1", "Thing", "a", { status: of });

suite("JSONPath", () => {
  for (const [path, selected] of [
    [".status.phase", ["Running"]],
    ["$.status.loadBalancer.ingress[0].ip", ["192.0.2.1"]],
    ['.status["phase"]', ["Running"]],
    [".status.conditions[*].type", ["Ready", "Synced"]],
    ['.status.conditions[?(@.type=="Synced")].status', ["False"]],
    [".status.conditions[?@.type != 'Synced'].status", ["True"]],
    [".status.conditions[-1].type", ["Synced"]],
    [".status.missing.deeper", []],
  ] as const)
    test(path, () => {
      assert.deepEqual(compileJsonPath(path)({ status }), selected);
    });

  test("that cannot be read is refused", () => {
    assert.throws(() => compileJsonPath(".status..phase"), /Cannot read the JSONPath/);
  });
});

suite("pulumi.com/waitFor", () => {
  test("waits for a value", () => {
    const wait = drive("jsonpath={.status.phase}=Running");
    assert.equal(wait.see(thing({ phase: "Pending" })), false);
    assert.deepEqual(wait.readiness.reasons(), ['Waiting for {.status.phase}=Running (found "Pending")']);
    assert.equal(wait.see(thing(status)), true);
  });

  test("waits for anything at a path", () => {
    const wait = drive("jsonpath={.status.loadBalancer.ingress}");
    assert.equal(wait.see(thing({})), false);
    assert.equal(wait.see(thing(status)), true);
  });

  test("waits for a condition, of the current generation", () => {
    const wait = drive("condition=ready");
    const old = object("example.com/v1", "Thing", "a", {
      metadata: { generation: 2 },
      status: { ...status, observedGeneration: 1 },
    });
    assert.equal(wait.see(old), false);
    assert.equal(wait.see(thing(status)), true);
  });

  test("waits for all of several", () => {
    const wait = drive('["condition=Ready", "condition=Synced=False", "jsonpath={.status.phase}=Done"]');
    assert.equal(wait.see(thing(status)), false);
    assert.equal(wait.see(thing({ ...status, phase: "Done" })), true);
  });

  test("is refused where it cannot be read", () => {
    assert.throws(() => drive("ready"), { message: 'expected a "jsonpath=" or "condition=" prefix, got "ready"' });
    assert.throws(() => drive("jsonpath=.status.phase"), /format should be/);
    assert.throws(() => drive("[]"), { message: "at least one condition must be specified" });
  });
});
