import assert from "node:assert/strict";
import { test } from "node:test";
import { allowPrivilegeEscalation } from "../../../../policy/workloads/pod-security/allow-privilege-escalation.ts";
import { messages, remediate, unknown } from "../../support/judge.ts";
import { pod, podOf, secured } from "../support/objects.ts";

const at = "Pod default/web: spec.containers[0].securityContext.allowPrivilegeEscalation";

test("containers that say false pass, and those of Windows", async () => {
  assert.deepEqual(await messages(allowPrivilegeEscalation, pod(secured({ allowPrivilegeEscalation: false }))), []);
  assert.deepEqual(await messages(allowPrivilegeEscalation, pod({}, { os: { name: "windows" } })), []);
});

test("containers of each kind that say nothing or true violate", async () => {
  assert.deepEqual(await messages(allowPrivilegeEscalation, pod({})), [`${at} is not set; set it to false`]);
  assert.deepEqual(await messages(allowPrivilegeEscalation, pod(secured({ allowPrivilegeEscalation: null }))), [
    `${at} is not set; set it to false`,
  ]);
  assert.deepEqual(await messages(allowPrivilegeEscalation, pod(secured({ allowPrivilegeEscalation: true }))), [
    `${at} is true; set it to false`,
  ]);
  const all = podOf({ initContainers: [{}], containers: [{}], ephemeralContainers: [{}] });
  assert.deepEqual(
    (await messages(allowPrivilegeEscalation, all)).map((message) => /\w+Containers|containers/.exec(message)?.[0]),
    ["initContainers", "containers", "ephemeralContainers"],
  );
});

test("a container that can't be judged leaves the others judged", async () => {
  const found = await messages(
    allowPrivilegeEscalation,
    podOf({ containers: [secured({ allowPrivilegeEscalation: unknown }), {}] }),
  );
  assert.deepEqual(found, [
    "Pod default/web is not judged yet, as a preview can't know spec.containers[0].securityContext.allowPrivilegeEscalation; it is judged before the resource is created or changed",
    "Pod default/web: spec.containers[1].securityContext.allowPrivilegeEscalation is not set; set it to false",
  ]);
});

test("what only remediation has to know does not hide a violation", async () => {
  const found = await messages(allowPrivilegeEscalation, pod(secured({ privileged: unknown })));
  assert.deepEqual(found, [`${at} is not set; set it to false`]);
});

test("remediation says false where nothing was said", async () => {
  assert.deepEqual(await remediate(allowPrivilegeEscalation, pod({ image: "a" })), {
    metadata: { name: "web" },
    spec: { containers: [{ name: "main", image: "a", securityContext: { allowPrivilegeEscalation: false } }] },
  });
});

test("remediation leaves alone what was meant, and what the API server would refuse", async () => {
  for (const settings of [
    { allowPrivilegeEscalation: true },
    { privileged: true },
    { privileged: unknown },
    { capabilities: { add: ["SYS_ADMIN"] } },
  ]) {
    assert.equal(await remediate(allowPrivilegeEscalation, pod(secured(settings))), undefined);
  }
});
