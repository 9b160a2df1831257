import assert from "node:assert/strict";
import { test } from "node:test";
import { procMount } from "../../../../policy/workloads/pod-security/proc-mount.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, secured } from "../support/objects.ts";

/** The policy is disabled by default. */
const enabled = { enforcementLevel: "mandatory" } as const;
const unmasked = secured({ procMount: "Unmasked" });

test("the default passes", async () => {
  assert.deepEqual(await messages(procMount, pod({}), enabled), []);
  assert.deepEqual(await messages(procMount, pod(secured({ procMount: "Default" })), enabled), []);
});

test("another one violates, unless the pod is in a user namespace, since v1.35", async () => {
  const message = "Pod default/web: spec.containers[0].securityContext.procMount is Unmasked; leave it out";
  assert.deepEqual(await messages(procMount, pod(unmasked), enabled), [message]);
  assert.deepEqual(await messages(procMount, pod(unmasked, { hostUsers: false }), enabled), []);
  const older = { ...enabled, version: "v1.34" };
  assert.deepEqual(await messages(procMount, pod(unmasked, { hostUsers: false }), older), [message]);
});

test("it is disabled by default, as procMount_restricted says more", async () => {
  assert.deepEqual(await messages(procMount, pod(unmasked)), []);
});

test("an unknown one is undecided", async () => {
  assert.match((await messages(procMount, pod(secured({ procMount: unknown })), enabled)).join(), /not judged yet/);
});
