import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsNonRoot } from "../../../../policy/workloads/pod-security/run-as-non-root.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, podOf, secured } from "../support/objects.ts";

const asked = secured({ runAsNonRoot: true });
const refused = secured({ runAsNonRoot: false });
const nothing = secured({ runAsNonRoot: null });
const container = "Pod default/web: spec.containers[0].securityContext.runAsNonRoot";

test("what the pod says holds for containers that say nothing", async () => {
  assert.deepEqual(await messages(runAsNonRoot, pod({}, asked)), []);
  assert.deepEqual(await messages(runAsNonRoot, pod(nothing, asked)), []);
  assert.deepEqual(await messages(runAsNonRoot, pod(asked)), []);
});

test("a container that nothing holds back violates", async () => {
  for (const spec of [{}, nothing]) {
    assert.deepEqual(await messages(runAsNonRoot, pod({}, spec)), [
      `${container} is not set; set it to true, here or for the whole pod`,
    ]);
  }
  assert.deepEqual(await messages(runAsNonRoot, pod(refused, asked)), [
    `${container} is false; set it to true, here or for the whole pod`,
  ]);
});

test("a pod that says false violates once, whatever its containers say", async () => {
  const message = "Pod default/web: spec.securityContext.runAsNonRoot is false; set it to true";
  assert.deepEqual(await messages(runAsNonRoot, pod({}, refused)), [message]);
  assert.deepEqual(await messages(runAsNonRoot, pod(asked, refused)), [message]);
});

test("a user namespace makes root harmless since v1.35", async () => {
  assert.deepEqual(await messages(runAsNonRoot, pod({}, { hostUsers: false, ...refused })), []);
  assert.equal((await messages(runAsNonRoot, pod({}, { hostUsers: false }), { version: "v1.34" })).length, 1);
  assert.deepEqual(await messages(runAsNonRoot, pod({}, { hostUsers: false }), { version: "v1.35" }), []);
});

test("a pod that can't be judged leaves judged what does not depend on it", async () => {
  const spec = { ...secured({ runAsNonRoot: unknown }), initContainers: [asked], containers: [{}, refused] };
  assert.deepEqual(await messages(runAsNonRoot, podOf(spec)), [
    "Pod default/web is not judged yet, as a preview can't know spec.securityContext.runAsNonRoot; it is judged before the resource is created or changed",
    "Pod default/web: spec.containers[1].securityContext.runAsNonRoot is false; set it to true, here or for the whole pod",
  ]);
});
