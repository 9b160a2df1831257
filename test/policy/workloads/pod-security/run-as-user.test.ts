import assert from "node:assert/strict";
import { test } from "node:test";
import { runAsUser } from "../../../../policy/workloads/pod-security/run-as-user.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, secured } from "../support/objects.ts";

test("other users pass, and no user", async () => {
  assert.deepEqual(await messages(runAsUser, pod(secured({ runAsUser: 1000 }), secured({ runAsUser: null }))), []);
});

test("user 0 violates, for the pod and for a container", async () => {
  const root = secured({ runAsUser: 0 });
  const remedy = "use another user, or leave it out and let the image name one";
  assert.deepEqual(await messages(runAsUser, pod(root, root)), [
    `Pod default/web: spec.securityContext.runAsUser is 0; ${remedy}`,
    `Pod default/web: spec.containers[0].securityContext.runAsUser is 0; ${remedy}`,
  ]);
});

test("a user namespace makes root harmless since v1.35", async () => {
  const rooted = pod(secured({ runAsUser: 0 }), { hostUsers: false });
  assert.deepEqual(await messages(runAsUser, rooted), []);
  assert.equal((await messages(runAsUser, rooted, { version: "v1.34" })).length, 1);
});

test("an unknown user leaves the others judged", async () => {
  assert.equal((await messages(runAsUser, pod(secured({ runAsUser: 0 }), secured({ runAsUser: unknown })))).length, 2);
});
