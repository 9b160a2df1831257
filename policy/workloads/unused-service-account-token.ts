import type { RbacV1Subject } from "@kubernetes/client-node";
import * as z from "zod";
import { objects, pods, shown, some, stackPolicy, type Resource } from "../kit/index.ts";
import { somePass } from "./others.ts";

const serviceAccounts = objects("ServiceAccount");
const bindings = objects("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding");

interface Account {
  readonly name: string;
  readonly namespace: string;
}

/**
 * A token is taken for used where the stack binds a role to its ServiceAccount. Volumes that project a token for an audience of their own are asked for on purpose
 * and not judged. There is no remediation, as bindings are not seen beside a single pod, and a pod that uses its token would fail.
 */
export const unusedServiceAccountToken = stackPolicy({
  name: "unused-service-account-token",
  description:
    "Pods must mount no service-account token that nothing uses, as whoever breaks in can show it to the API server",
  severity: "medium",
  level: "mandatory",
  config: {
    used: z
      .array(z.string())
      .default([])
      .describe("ServiceAccounts whose tokens are used although the stack binds no role to them, as `namespace/name`"),
  },
  over: pods,
  check({ spec }, { config, resource, resources }) {
    const own = spec?.automountServiceAccountToken ?? undefined;
    if (own === false) return undefined;
    const account: Account = {
      name: spec?.serviceAccountName || spec?.serviceAccount || "default",
      namespace: resource?.namespace() ?? "",
    };
    if (own === undefined && mountsNone(account, resources)) return undefined;
    if (config.used.includes(`${account.namespace}/${account.name}`) || isBound(account, resources)) return undefined;
    return {
      property: ["spec", "automountServiceAccountToken"],
      is: shown(own),
      remedy: `set it to false, or bind a role to ServiceAccount ${account.namespace}/${account.name}`,
    };
  },
});

/** Whether the ServiceAccount says so for all pods that do not say otherwise. */
function mountsNone(account: Account, resources: readonly Resource[]): boolean {
  return somePass(
    serviceAccounts(resources, undefined),
    ({ metadata, automountServiceAccountToken }, other) =>
      automountServiceAccountToken === false &&
      metadata?.name === account.name &&
      other?.namespace() === account.namespace,
  );
}

function isBound(account: Account, resources: readonly Resource[]): boolean {
  return somePass(bindings(resources, undefined), ({ subjects }) =>
    some(subjects ?? [], (subject) => isMeant(subject, account)),
  );
}

/** A ServiceAccount is also a user and in two groups (https://kubernetes.io/docs/reference/access-authn-authz/rbac/). */
function isMeant({ kind, name, namespace }: RbacV1Subject, account: Account): boolean {
  switch (kind) {
    case "ServiceAccount":
      return name === account.name && namespace === account.namespace;
    case "User":
      return name === `system:serviceaccount:${account.namespace}:${account.name}`;
    case "Group":
      return name === "system:serviceaccounts" || name === `system:serviceaccounts:${account.namespace}`;
    default:
      return false;
  }
}
