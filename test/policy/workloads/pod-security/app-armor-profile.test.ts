import assert from "node:assert/strict";
import { test } from "node:test";
import { appArmorProfile } from "../../../../policy/workloads/pod-security/app-armor-profile.ts";
import { messages, unknown } from "../../support/judge.ts";
import { pod, secured } from "../support/objects.ts";

const remedy = "leave it out or use the runtime's default or a localhost profile";
const annotation = (value: string) => ({
  annotations: { "container.apparmor.security.beta.kubernetes.io/main": value, other: "unconfined" },
});

test("no profile, the runtime's and localhost ones pass", async () => {
  const profile = (type: string) => secured({ appArmorProfile: { type } });
  assert.deepEqual(await messages(appArmorProfile, pod({})), []);
  assert.deepEqual(await messages(appArmorProfile, pod(profile("RuntimeDefault"), profile("Localhost"))), []);
  for (const value of ["", "runtime/default", "localhost/mine"]) {
    assert.deepEqual(await messages(appArmorProfile, pod({}, {}, annotation(value))), []);
  }
});

test("another one violates, for a container, the pod or by annotation", async () => {
  const profile = secured({ appArmorProfile: { type: "Unconfined" } });
  assert.deepEqual(await messages(appArmorProfile, pod(profile, profile, annotation("unconfined"))), [
    `Pod default/web: spec.securityContext.appArmorProfile.type is Unconfined; ${remedy}`,
    `Pod default/web: spec.containers[0].securityContext.appArmorProfile.type is Unconfined; ${remedy}`,
    `Pod default/web: metadata.annotations["container.apparmor.security.beta.kubernetes.io/main"] is unconfined; ${remedy}`,
  ]);
  assert.deepEqual(await messages(appArmorProfile, pod(secured({ appArmorProfile: {} }))), [
    `Pod default/web: spec.containers[0].securityContext.appArmorProfile.type is not set; ${remedy}`,
  ]);
});

test("an unknown profile leaves the others judged", async () => {
  const found = await messages(
    appArmorProfile,
    pod(secured({ appArmorProfile: { type: "Unconfined" } }), secured({ appArmorProfile: { type: unknown } })),
  );
  assert.deepEqual(
    found.map((message) => message.includes("not judged yet")),
    [true, false],
  );
});
