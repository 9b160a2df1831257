import assert from "node:assert/strict";
import { test } from "node:test";
import { needlessClusterRoles } from "../../../policy/workloads/needless-cluster-roles.ts";
import { messages, unknown } from "../support/judge.ts";
import { object } from "./support/objects.ts";

const pods = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };
const group = "rbac.authorization.k8s.io/v1";
const role = (rules: unknown, fields = {}, metadata = {}) =>
  object(`${group}:ClusterRole`, "reader", { rules, ...fields }, metadata);
const bindingOf = (kind: string, name: unknown = "reader", metadata = {}) =>
  object(`${group}:${kind}`, "readers", { roleRef: { kind: "ClusterRole", name } }, metadata);
const everywhere = bindingOf("ClusterRoleBinding");

test("a ClusterRole that gives something outside of namespaces passes", async () => {
  for (const rule of [
    { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
    { apiGroups: [""], resources: ["nodes/proxy"], verbs: ["get"] },
    { nonResourceURLs: ["/metrics"], verbs: ["get"] },
    { apiGroups: ["gateway.networking.k8s.io"], resources: ["gatewayclasses"], verbs: ["get"] },
    { apiGroups: ["example.com"], resources: ["things"], verbs: ["get"] },
    { apiGroups: ["apps"], resources: ["*"], verbs: ["get"] },
  ]) {
    assert.deepEqual(await messages(needlessClusterRoles, [role([pods, rule]), everywhere]), []);
  }
});

test("one whose rules are for namespaces alone violates where it is bound in all of them", async () => {
  assert.deepEqual(await messages(needlessClusterRoles, [role([pods]), everywhere]), [
    "ClusterRole reader is bound in every namespace, for what is in namespaces alone; use a Role in each namespace that is meant",
  ]);
});

test("one that is bound in a single namespace violates, one that several share does not", async () => {
  const here = bindingOf("RoleBinding");
  assert.deepEqual(await messages(needlessClusterRoles, [role([pods]), here, here]), [
    "ClusterRole reader is bound in namespace default alone; make it a Role of that namespace",
  ]);
  const there = bindingOf("RoleBinding", "reader", { namespace: "there" });
  assert.deepEqual(await messages(needlessClusterRoles, [role([pods]), here, there]), []);
});

test("what others bind, or put together, is not judged", async () => {
  assert.deepEqual(await messages(needlessClusterRoles, [role([pods]), bindingOf("ClusterRoleBinding", "other")]), []);
  const labels = { "rbac.authorization.k8s.io/aggregate-to-view": "true" };
  assert.deepEqual(await messages(needlessClusterRoles, [role([pods], {}, { labels }), everywhere]), []);
  assert.deepEqual(await messages(needlessClusterRoles, [role(null, { aggregationRule: {} }), everywhere]), []);
});

test("Kubernetes' own roles for a namespace violate where they are bound in all of them", async () => {
  assert.deepEqual(await messages(needlessClusterRoles, bindingOf("ClusterRoleBinding", "edit")), [
    "ClusterRoleBinding readers: roleRef.name is edit, in every namespace; bind it by a RoleBinding in each namespace that is meant",
  ]);
  assert.deepEqual(await messages(needlessClusterRoles, bindingOf("RoleBinding", "edit")), []);
});

test("config names what may reach every namespace", async () => {
  assert.deepEqual(await messages(needlessClusterRoles, [role([pods]), everywhere], { allowed: ["reader"] }), []);
  assert.deepEqual(
    await messages(needlessClusterRoles, bindingOf("ClusterRoleBinding", "edit"), { allowed: ["readers"] }),
    [],
  );
});

test("an unknown binding leaves a role undecided, unless another one decides", async () => {
  const hidden = bindingOf("ClusterRoleBinding", unknown);
  const told = await messages(needlessClusterRoles, [role([pods]), hidden]);
  assert.equal(told.filter((message) => message.includes("not judged yet")).length, told.length);
  assert.match(
    (await messages(needlessClusterRoles, [role([pods]), hidden, everywhere])).join("\n"),
    /bound in every namespace/,
  );
});
