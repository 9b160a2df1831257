import assert from "node:assert/strict";
import { test } from "node:test";
import { procMountRestricted } from "../../../../policy/workloads/pod-security/proc-mount-restricted.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, podOf, secured } from "../support/objects.ts";

test("the default passes", async () => {
  assert.deepEqual(await messages(procMountRestricted, pod({})), []);
  assert.deepEqual(await messages(procMountRestricted, pod(secured({ procMount: "Default" }))), []);
});

test("another one violates, in a user namespace too", async () => {
  assert.deepEqual(await messages(procMountRestricted, pod(secured({ procMount: "Unmasked" }), { hostUsers: false })), [
    "Pod default/web: spec.containers[0].securityContext.procMount is Unmasked; leave it out",
  ]);
});

test("an unknown one leaves the others judged", async () => {
  const containers = [secured({ procMount: unknown }), secured({ procMount: "Unmasked" })];
  assert.equal((await messages(procMountRestricted, podOf({ containers }))).length, 2);
});
