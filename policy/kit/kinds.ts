import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1HorizontalPodAutoscaler,
  V1Ingress,
  V1Job,
  V1Namespace,
  V1NetworkPolicy,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1PodTemplate,
  V1ReplicaSet,
  V1ReplicationController,
  V1Role,
  V1RoleBinding,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
} from "@kubernetes/client-node";

/** Kinds by the name that {@link objects} takes: with the API group, unless that is the core one; the version does not matter. */
export interface Kinds {
  ConfigMap: V1ConfigMap;
  Namespace: V1Namespace;
  PersistentVolumeClaim: V1PersistentVolumeClaim;
  Pod: V1Pod;
  PodTemplate: V1PodTemplate;
  ReplicationController: V1ReplicationController;
  Secret: V1Secret;
  Service: V1Service;
  ServiceAccount: V1ServiceAccount;
  "apps/DaemonSet": V1DaemonSet;
  "apps/Deployment": V1Deployment;
  "apps/ReplicaSet": V1ReplicaSet;
  "apps/StatefulSet": V1StatefulSet;
  "autoscaling/HorizontalPodAutoscaler": V1HorizontalPodAutoscaler;
  "batch/CronJob": V1CronJob;
  "batch/Job": V1Job;
  "networking.k8s.io/Ingress": V1Ingress;
  "networking.k8s.io/NetworkPolicy": V1NetworkPolicy;
  "policy/PodDisruptionBudget": V1PodDisruptionBudget;
  "rbac.authorization.k8s.io/ClusterRole": V1ClusterRole;
  "rbac.authorization.k8s.io/ClusterRoleBinding": V1ClusterRoleBinding;
  "rbac.authorization.k8s.io/Role": V1Role;
  "rbac.authorization.k8s.io/RoleBinding": V1RoleBinding;
}

/** What a Pulumi type token of the Kubernetes provider stands for. */
export interface KubernetesType {
  /** With its API group, unless that is the core one: `apps/Deployment`, `Service`. */
  readonly kind: string;
  /** As the object's own `apiVersion` says it: `apps/v1`, `v1`. */
  readonly apiVersion: string;
  /** It changes some properties of an object that is there (`DeploymentPatch`). */
  readonly patch: boolean;
}

/** What the Kubernetes provider has beside objects: what makes several of them, which are then resources of their own. */
const notObjects: ReadonlySet<string> = new Set(["helm.sh", "kustomize", "yaml"]);

/** Reads a type token: `kubernetes:apps/v1:Deployment`, `kubernetes:core/v1:ServicePatch`, and `kubernetes:v1:Pod` of a CustomResource; undefined for any other type. */
export function kubernetesType(token: string): KubernetesType | undefined {
  const match = /^kubernetes:(?:([^:/]+)\/)?(v[^:/]+):(\w+?)(Patch)?$/.exec(token);
  if (match === null || notObjects.has(match[1] ?? "")) return undefined;
  const [, group = "core", version = "", name = "", patch] = match;
  return {
    kind: group === "core" ? name : `${group}/${name}`,
    apiVersion: group === "core" ? version : `${group}/${version}`,
    patch: patch !== undefined,
  };
}

/** Kinds of Kubernetes, by their names without group, that are in no namespace. */
export const clusterKinds: ReadonlySet<string> = new Set([
  "APIService",
  "CSIDriver",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "GatewayClass",
  "IngressClass",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
]);
