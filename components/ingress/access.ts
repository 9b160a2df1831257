import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
  readonly resourceNames?: string[];
}

const read = ["get", "list", "watch"];

/** What a route table and its endpoints are made of, in a namespace. */
const namespacedRules: readonly Rule[] = [
  {
    apiGroups: ["networking.istio.io"],
    resources: ["gateways", "virtualservices", "destinationrules", "serviceentries", "workloadentries"],
    verbs: read,
  },
  {
    apiGroups: ["gateway.networking.k8s.io"],
    resources: ["gateways", "tcproutes", "tlsroutes", "referencegrants"],
    verbs: read,
  },
  { apiGroups: [""], resources: ["services", "pods"], verbs: read },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
];

/** What is said of routing objects: the rest of them stays as people declared it. */
const statusRules: readonly Rule[] = [
  {
    apiGroups: ["networking.istio.io"],
    resources: ["gateways/status", "virtualservices/status", "destinationrules/status", "serviceentries/status"],
    verbs: ["update"],
  },
  {
    apiGroups: ["gateway.networking.k8s.io"],
    resources: ["gateways/status", "tcproutes/status", "tlsroutes/status"],
    verbs: ["update"],
  },
];

/** A GatewayClass is in no namespace. */
const clusterStatusRules: readonly Rule[] = [
  { apiGroups: ["gateway.networking.k8s.io"], resources: ["gatewayclasses/status"], verbs: ["update"] },
];

/** The Lease by which one pod at a time writes it. Who creates has no name yet that a rule could hold it to. */
const leaseRules = (name: string): Rule[] => [
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], resourceNames: [name], verbs: ["get", "update"] },
];

/** Certificates of the pods' own namespace, which listeners name: which ones is not known before they do. Each is watched by its name. */
const secretRules: readonly Rule[] = [{ apiGroups: [""], resources: ["secrets"], verbs: read }];

/** `exportTo`, the hosts of Gateways and `allowedRoutes` speak of namespaces; a GatewayClass is in none. The zone of a pod is its node's. */
const clusterRules: readonly Rule[] = [
  { apiGroups: [""], resources: ["namespaces"], verbs: read },
  { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
  { apiGroups: ["gateway.networking.k8s.io"], resources: ["gatewayclasses"], verbs: read },
];

export interface AccessArgs {
  readonly name: string;
  /** Of the gateway pods. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Namespaces to watch; empty: all. */
  readonly watchNamespaces: readonly string[];
}

/** The ServiceAccount of the gateway pods, and no more rights than they use: a ClusterRole to watch the whole cluster, else a Role in each namespace watched. */
export function createAccess(
  parent: pulumi.Resource,
  { name, namespace, labels, watchNamespaces }: AccessArgs,
): k8s.core.v1.ServiceAccount {
  const account = new k8s.core.v1.ServiceAccount(name, { metadata: { name, namespace, labels } }, { parent });
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const bind = (object: string, target: string, rules: readonly Rule[]) => {
    const metadata = { name: object, namespace: target, labels };
    // Two watched namespaces have Roles of one name.
    const resource = `${object}-in-${target}`;
    new k8s.rbac.v1.Role(resource, { metadata, rules: [...rules] }, { parent });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: object };
    new k8s.rbac.v1.RoleBinding(resource, { metadata, roleRef, subjects }, { parent });
  };
  if (watchNamespaces.length === 0) {
    // Cluster-wide names have to tell gateways of several namespaces apart.
    const metadata = { name: `${namespace}-${name}`, labels };
    new k8s.rbac.v1.ClusterRole(
      name,
      { metadata, rules: [...namespacedRules, ...statusRules, ...clusterRules, ...clusterStatusRules] },
      { parent },
    );
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name };
    new k8s.rbac.v1.ClusterRoleBinding(name, { metadata, roleRef, subjects }, { parent });
  }
  for (const watched of watchNamespaces) bind(name, watched, [...namespacedRules, ...statusRules]);
  bind(`${name}-status`, namespace, leaseRules(`${name}-status`));
  bind(`${name}-secrets`, namespace, secretRules);
  return account;
}
