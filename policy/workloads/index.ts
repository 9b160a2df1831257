import type { Policy } from "../kit/index.ts";
import { minimumReplicas } from "./minimum-replicas.ts";
import { needlessClusterRoles } from "./needless-cluster-roles.ts";
import { networkPolicy } from "./network-policy.ts";
import { podDisruptionBudget } from "./pod-disruption-budget.ts";
import { podSecurity } from "./pod-security/index.ts";
import { probes } from "./probes.ts";
import { readOnlyRootFilesystem } from "./read-only-root-filesystem.ts";
import { requestsAndLimits } from "./requests-and-limits.ts";
import { roleWildcards } from "./role-wildcards.ts";
import { topologySpread } from "./topology-spread.ts";
import { unusedServiceAccountToken } from "./unused-service-account-token.ts";

/** Policies over what runs, and what it may. */
export const workloads: readonly Policy[] = [
  ...podSecurity,
  readOnlyRootFilesystem,
  requestsAndLimits,
  probes,
  minimumReplicas,
  podDisruptionBudget,
  topologySpread,
  unusedServiceAccountToken,
  roleWildcards,
  needlessClusterRoles,
  networkPolicy,
];
