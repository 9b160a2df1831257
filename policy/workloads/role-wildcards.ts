import * as z from "zod";
import { objects, part, parts, resourcePolicy, shown, type Piece, type Selector } from "../kit/index.ts";

/** What a role or a binding gives. */
interface Grant {
  readonly what: "verbs" | "apiGroups" | "resources" | "nonResourceURLs" | "role";
  readonly value: string;
}

const grants: Selector<Grant> = (resources) => [
  ...Iterator.from(
    objects("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole")(resources, undefined),
  ).flatMap((role) =>
    parts(role, ["rules"], ({ rules }) => rules).flatMap((rule) =>
      (["verbs", "apiGroups", "resources", "nonResourceURLs"] as const).flatMap((what): Piece<Grant>[] =>
        parts(rule, [what], (of) => of[what]).map((piece) => ({
          ...piece,
          read: () => ({ what, value: piece.read() }),
        })),
      ),
    ),
  ),
  ...Iterator.from(
    objects("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding")(
      resources,
      undefined,
    ),
  ).map((binding) =>
    part(binding, ["roleRef", "name"], ({ roleRef }): Grant => ({ what: "role", value: roleRef.name })),
  ),
];

/** Kubernetes' own role `cluster-admin` is nothing but wildcards, so that binding it counts as well. */
export const roleWildcards = resourcePolicy({
  name: "role-wildcards",
  description:
    "Roles must name what they give, as a wildcard gives Secrets too, and whatever kinds and verbs come later",
  severity: "high",
  level: "mandatory",
  config: {
    allowed: z
      .array(z.string())
      .default([])
      .describe("Names of Roles, ClusterRoles and bindings that may have wildcards"),
  },
  over: grants,
  check({ what, value }, { config, resource }) {
    const wild = what === "role" ? value === "cluster-admin" : value === "*" || value.startsWith("*/");
    if (!wild || config.allowed.includes(resource?.read().metadata?.name ?? "")) return undefined;
    return { is: shown(value), remedy: what === "role" ? "bind a role that names what is used" : "name what is used" };
  },
});
