import type { V1PolicyRule } from "@kubernetes/client-node";

/** API groups whose resources are in namespaces, with those that are not. */
const namespacedGroups: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["componentstatuses", "namespaces", "nodes", "persistentvolumes"]],
  ["apps", []],
  ["autoscaling", []],
  ["batch", []],
  ["coordination.k8s.io", []],
  ["discovery.k8s.io", []],
  ["events.k8s.io", []],
  ["extensions", []],
  ["gateway.networking.k8s.io", ["gatewayclasses"]],
  ["metrics.k8s.io", ["nodes"]],
  ["networking.istio.io", []],
  ["networking.k8s.io", ["ingressclasses", "ipaddresses", "servicecidrs"]],
  ["policy", ["podsecuritypolicies"]],
  ["rbac.authorization.k8s.io", ["clusterrolebindings", "clusterroles"]],
]);

/** Whether a rule needs a ClusterRole: it gives something that is in no namespace, or that could be. */
export function needsClusterRole({ apiGroups = [], resources = [], nonResourceURLs = [] }: V1PolicyRule): boolean {
  if (nonResourceURLs.length > 0) return true;
  return apiGroups.some((group) => {
    const clusterWide = namespacedGroups.get(group);
    return clusterWide === undefined || resources.some((resource) => isAmong(resource, clusterWide));
  });
}

/** `nodes/status` is of what `nodes` is. */
function isAmong(resource: string, clusterWide: readonly string[]): boolean {
  const [of = ""] = resource.split("/");
  return of === "*" || clusterWide.includes(of);
}
