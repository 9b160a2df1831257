import assert from "node:assert/strict";
import { test } from "node:test";
import { roleWildcards } from "../../../policy/workloads/role-wildcards.ts";
import { messages, unknown } from "../support/judge.ts";
import { object } from "./support/objects.ts";

const role = (rules: unknown, kind = "Role") => object(`rbac.authorization.k8s.io/v1:${kind}`, "reader", { rules });
const rule = { apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get"] };

test("rules that name what they give pass", async () => {
  assert.deepEqual(
    await messages(roleWildcards, role([rule, { nonResourceURLs: ["/healthz/*"], verbs: ["get"] }])),
    [],
  );
  assert.deepEqual(await messages(roleWildcards, role(null, "ClusterRole")), []);
});

test("each wildcard violates", async () => {
  const wild = { apiGroups: ["", "*"], resources: ["*", "*/scale"], verbs: ["*"] };
  const remedy = "name what is used";
  assert.deepEqual(await messages(roleWildcards, role([rule, wild])), [
    `Role default/reader: rules[1].verbs[0] is *; ${remedy}`,
    `Role default/reader: rules[1].apiGroups[1] is *; ${remedy}`,
    `Role default/reader: rules[1].resources[0] is *; ${remedy}`,
    `Role default/reader: rules[1].resources[1] is */scale; ${remedy}`,
  ]);
  assert.deepEqual(await messages(roleWildcards, role([{ nonResourceURLs: ["*"], verbs: ["get"] }], "ClusterRole")), [
    `ClusterRole reader: rules[0].nonResourceURLs[0] is *; ${remedy}`,
  ]);
});

test("binding cluster-admin violates", async () => {
  const binding = (name: string) =>
    object("rbac.authorization.k8s.io/v1:RoleBinding", "all", { roleRef: { kind: "ClusterRole", name } });
  assert.deepEqual(await messages(roleWildcards, binding("view")), []);
  assert.deepEqual(await messages(roleWildcards, binding("cluster-admin")), [
    "RoleBinding default/all: roleRef.name is cluster-admin; bind a role that names what is used",
  ]);
});

test("config names roles that may", async () => {
  const wild = role([{ apiGroups: ["*"], resources: ["*"], verbs: ["get"] }]);
  assert.deepEqual(await messages(roleWildcards, wild, { allowed: ["reader"] }), []);
  assert.equal((await messages(roleWildcards, wild, { allowed: ["other"] })).length, 2);
});

test("an unknown verb leaves the others judged", async () => {
  assert.equal((await messages(roleWildcards, role([{ ...rule, verbs: [unknown, "*"] }]))).length, 2);
});
