import assert from "node:assert/strict";
import { test } from "node:test";
import { seccompProfileBaseline } from "../../../../policy/workloads/pod-security/seccomp-profile-baseline.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, secured } from "../support/objects.ts";

/** The policy is disabled by default. */
const enabled = { enforcementLevel: "mandatory" } as const;
const profile = (type: string) => secured({ seccompProfile: { type } });

test("no profile passes, and those that hold back", async () => {
  assert.deepEqual(await messages(seccompProfileBaseline, pod({}), enabled), []);
  assert.deepEqual(
    await messages(seccompProfileBaseline, pod(profile("Localhost"), profile("RuntimeDefault")), enabled),
    [],
  );
});

test("Unconfined violates", async () => {
  const remedy = "leave it out or use RuntimeDefault";
  assert.deepEqual(await messages(seccompProfileBaseline, pod(profile("Unconfined"), profile("Unconfined")), enabled), [
    `Pod default/web: spec.securityContext.seccompProfile.type is Unconfined; ${remedy}`,
    `Pod default/web: spec.containers[0].securityContext.seccompProfile.type is Unconfined; ${remedy}`,
  ]);
});

test("it is disabled by default, as seccompProfile_restricted says more", async () => {
  assert.deepEqual(await messages(seccompProfileBaseline, pod(profile("Unconfined"))), []);
});

test("an unknown one leaves the others judged", async () => {
  assert.equal(
    (await messages(seccompProfileBaseline, pod(profile("Unconfined"), profile(unknown)), enabled)).length,
    2,
  );
});
