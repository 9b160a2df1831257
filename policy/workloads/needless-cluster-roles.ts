import type { V1ClusterRole, V1ClusterRoleBinding, V1RoleRef } from "@kubernetes/client-node";
import * as z from "zod";
import { objects, part, stackPolicy, type Finding, type Resource, type Selector } from "../kit/index.ts";
import { needsClusterRole } from "./cluster-scope.ts";
import { isSet } from "./is-set.ts";
import { passes, somePass } from "./others.ts";

const clusterRoles = objects("rbac.authorization.k8s.io/ClusterRole");
const clusterRoleBindings = objects("rbac.authorization.k8s.io/ClusterRoleBinding");
const roleBindings = objects("rbac.authorization.k8s.io/RoleBinding");

/** A role of the stack, or what a binding refers to. */
type Wide = { readonly role: V1ClusterRole } | { readonly binding: V1ClusterRoleBinding };

const wide: Selector<Wide> = (resources) => [
  ...Iterator.from(clusterRoles(resources, undefined)).map((piece) => part(piece, [], (role) => ({ role }))),
  ...Iterator.from(clusterRoleBindings(resources, undefined)).map((piece) =>
    part(piece, [], (binding) => ({ binding })),
  ),
];

/** Kubernetes' own roles for what is in a namespace. */
const ownNamespaceRoles = ["admin", "edit", "view"];

/** What a stack does not show is not judged: roles that others bind, and rules of API groups whose kinds may be in no namespace. */
export const needlessClusterRoles = stackPolicy({
  name: "needless-cluster-roles",
  description:
    "A Role must do where a ClusterRole is not needed, as rights in every namespace are also rights over other teams' Secrets",
  severity: "high",
  level: "mandatory",
  config: {
    allowed: z
      .array(z.string())
      .default([])
      .describe("Names of ClusterRoles and ClusterRoleBindings that may reach every namespace"),
  },
  over: wide,
  check(of, { config, resources }) {
    const { metadata } = "role" in of ? of.role : of.binding;
    if (config.allowed.includes(metadata?.name ?? "")) return undefined;
    return "role" in of ? judgeRole(of.role, resources) : judgeBinding(of.binding);
  },
});

function judgeRole(role: V1ClusterRole, resources: readonly Resource[]): Finding | undefined {
  if (isAggregated(role) || (role.rules ?? []).some(needsClusterRole)) return undefined;
  const binds = ({ roleRef }: { readonly roleRef: V1RoleRef }) =>
    roleRef.kind === "ClusterRole" && roleRef.name === role.metadata?.name;
  if (somePass(clusterRoleBindings(resources, undefined), binds)) {
    return {
      is: "bound in every namespace, for what is in namespaces alone",
      remedy: "use a Role in each namespace that is meant",
    };
  }
  const namespaces = new Set(
    [...roleBindings(resources, undefined)]
      .filter((piece) => passes(piece, binds))
      .map((piece) => piece.resource?.namespace()),
  );
  if (namespaces.size !== 1) return undefined;
  return { is: `bound in namespace ${[...namespaces].join()} alone`, remedy: "make it a Role of that namespace" };
}

/** Other roles are put together of it, or it of others, which Roles can't be. */
function isAggregated({ aggregationRule, metadata }: V1ClusterRole): boolean {
  return (
    isSet(aggregationRule) ||
    Object.keys(metadata?.labels ?? {}).some((label) => label.startsWith("rbac.authorization.k8s.io/aggregate-to-"))
  );
}

function judgeBinding({ roleRef }: V1ClusterRoleBinding): Finding | undefined {
  if (!ownNamespaceRoles.includes(roleRef.name)) return undefined;
  return {
    property: ["roleRef", "name"],
    is: `${roleRef.name}, in every namespace`,
    remedy: "bind it by a RoleBinding in each namespace that is meant",
  };
}
