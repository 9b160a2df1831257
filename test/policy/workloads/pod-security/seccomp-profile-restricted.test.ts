import assert from "node:assert/strict";
import { test } from "node:test";
import { seccompProfileRestricted } from "../../../../policy/workloads/pod-security/seccomp-profile-restricted.ts";
import { messages, remediate, unknown } from "../../support/judge.ts";
import { pod, podOf, secured } from "../support/objects.ts";

const profile = (type: string) => secured({ seccompProfile: { type } });
const container = "Pod default/web: spec.containers[0].securityContext.seccompProfile.type";

test("a profile of the container or of its pod passes, and Windows has none", async () => {
  assert.deepEqual(await messages(seccompProfileRestricted, pod({}, profile("RuntimeDefault"))), []);
  assert.deepEqual(await messages(seccompProfileRestricted, pod(profile("Localhost"))), []);
  assert.deepEqual(await messages(seccompProfileRestricted, pod({}, { os: { name: "windows" } })), []);
});

test("a container without any violates", async () => {
  assert.deepEqual(await messages(seccompProfileRestricted, pod({})), [
    `${container} is not set; set it to RuntimeDefault, here or for the whole pod`,
  ]);
});

test("Unconfined violates where it stands", async () => {
  assert.deepEqual(await messages(seccompProfileRestricted, pod({}, profile("Unconfined"))), [
    "Pod default/web: spec.securityContext.seccompProfile.type is Unconfined; set it to RuntimeDefault",
  ]);
  assert.deepEqual(await messages(seccompProfileRestricted, pod(profile("Unconfined"), profile("RuntimeDefault"))), [
    `${container} is Unconfined; set it to RuntimeDefault, here or for the whole pod`,
  ]);
});

test("a pod that can't be judged leaves judged what does not depend on it", async () => {
  const spec = { ...profile(unknown), containers: [{}, profile("Unconfined")] };
  const found = await messages(seccompProfileRestricted, podOf(spec));
  assert.deepEqual(
    found.map((message) => message.includes("not judged yet")),
    [true, false],
  );
});

test("remediation gives a profile to containers that have none", async () => {
  const spec = { containers: [{ name: "a" }, { name: "b", ...profile("Localhost") }] };
  assert.deepEqual(await remediate(seccompProfileRestricted, podOf(spec)), {
    metadata: { name: "web" },
    spec: {
      containers: [
        { name: "a", ...profile("RuntimeDefault") },
        { name: "b", ...profile("Localhost") },
      ],
    },
  });
});

test("remediation leaves alone what was chosen", async () => {
  assert.equal(await remediate(seccompProfileRestricted, pod(profile("Unconfined"), profile("Unconfined"))), undefined);
});
