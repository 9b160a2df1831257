import assert from "node:assert/strict";
import { test } from "node:test";
import { privileged } from "../../../../policy/workloads/pod-security/privileged.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, podOf, secured } from "../support/objects.ts";

test("containers that are not privileged pass", async () => {
  assert.deepEqual(await messages(privileged, pod({})), []);
  assert.deepEqual(await messages(privileged, pod(secured({ privileged: false }))), []);
});

test("privileged ones violate", async () => {
  assert.deepEqual(await messages(privileged, pod(secured({ privileged: true }))), [
    "Pod default/web: spec.containers[0].securityContext.privileged is true; leave it out",
  ]);
});

test("an unknown one leaves the others judged", async () => {
  const containers = [secured({ privileged: true })];
  const found = await messages(privileged, podOf({ initContainers: [secured({ privileged: unknown })], containers }));
  assert.equal(found.length, 2);
});
