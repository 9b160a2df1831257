import assert from "node:assert/strict";
import { test } from "node:test";
import { unusedServiceAccountToken } from "../../../policy/workloads/unused-service-account-token.ts";
import { messages, unknown } from "../support/judge.ts";
import { object, podOf } from "./support/objects.ts";

const containers = [{}];
const pod = podOf({ containers, serviceAccountName: "web" });
const account = (fields: object, metadata = {}) => object("core/v1:ServiceAccount", "web", fields, metadata);
const binding = (subject: object, kind = "RoleBinding") =>
  object(`rbac.authorization.k8s.io/v1:${kind}`, "web", {
    roleRef: { kind: "Role", name: "web" },
    subjects: [subject],
  });
const remedy = "set it to false, or bind a role to ServiceAccount default/web";

test("a pod or a ServiceAccount that mounts none passes", async () => {
  assert.deepEqual(
    await messages(unusedServiceAccountToken, podOf({ containers, automountServiceAccountToken: false })),
    [],
  );
  assert.deepEqual(
    await messages(unusedServiceAccountToken, [pod, account({ automountServiceAccountToken: false })]),
    [],
  );
});

test("a token that nothing uses violates", async () => {
  assert.deepEqual(await messages(unusedServiceAccountToken, [pod, account({})]), [
    `Pod default/web: spec.automountServiceAccountToken is not set; ${remedy}`,
  ]);
  assert.deepEqual(await messages(unusedServiceAccountToken, podOf({ containers })), [
    "Pod default/web: spec.automountServiceAccountToken is not set; set it to false, or bind a role to ServiceAccount default/default",
  ]);
});

test("the pod's own word goes before its ServiceAccount's, and another account's does not count", async () => {
  const asked = podOf({ containers, serviceAccountName: "web", automountServiceAccountToken: true });
  assert.deepEqual(
    await messages(unusedServiceAccountToken, [asked, account({ automountServiceAccountToken: false })]),
    [`Pod default/web: spec.automountServiceAccountToken is true; ${remedy}`],
  );
  const elsewhere = account({ automountServiceAccountToken: false }, { namespace: "other" });
  assert.equal((await messages(unusedServiceAccountToken, [pod, elsewhere])).length, 1);
});

test("a binding to the account, by whichever name, is a use", async () => {
  for (const subject of [
    { kind: "ServiceAccount", name: "web", namespace: "default" },
    { kind: "User", name: "system:serviceaccount:default:web" },
    { kind: "Group", name: "system:serviceaccounts:default" },
    { kind: "Group", name: "system:serviceaccounts" },
  ]) {
    assert.deepEqual(await messages(unusedServiceAccountToken, [pod, binding(subject)]), []);
    assert.deepEqual(await messages(unusedServiceAccountToken, [pod, binding(subject, "ClusterRoleBinding")]), []);
  }
  for (const subject of [
    { kind: "ServiceAccount", name: "web", namespace: "other" },
    { kind: "ServiceAccount", name: "other", namespace: "default" },
    { kind: "Group", name: "system:authenticated" },
  ]) {
    assert.equal((await messages(unusedServiceAccountToken, [pod, binding(subject)])).length, 1);
  }
});

test("config names accounts whose tokens are used", async () => {
  assert.deepEqual(await messages(unusedServiceAccountToken, pod, { used: ["default/web"] }), []);
  assert.equal((await messages(unusedServiceAccountToken, pod, { used: ["other/web"] })).length, 1);
});

test("an unknown subject leaves undecided what no other decides", async () => {
  const hidden = binding({ kind: "ServiceAccount", name: unknown, namespace: "default" });
  assert.match((await messages(unusedServiceAccountToken, [pod, hidden])).join(), /not judged yet/);
  const known = binding({ kind: "ServiceAccount", name: "web", namespace: "default" });
  assert.deepEqual(await messages(unusedServiceAccountToken, [pod, hidden, known]), []);
});
