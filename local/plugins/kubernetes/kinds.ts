import { type GroupVersionKind, apiVersionText } from "./object.ts";

/** Groups and versions that Kubernetes itself brings or has brought; objects of any other are custom resources. */
const builtInGroups: ReadonlyMap<string, readonly string[]> = new Map([
  ["", ["v1"]],
  ["admissionregistration.k8s.io", ["v1", "v1beta1", "v1alpha1"]],
  ["apiextensions.k8s.io", ["v1", "v1beta1"]],
  ["apiregistration.k8s.io", ["v1", "v1beta1"]],
  ["apps", ["v1", "v1beta1", "v1beta2"]],
  ["auditregistration.k8s.io", ["v1alpha1"]],
  ["authentication.k8s.io", ["v1", "v1beta1", "v1alpha1"]],
  ["authorization.k8s.io", ["v1", "v1beta1"]],
  ["autoscaling", ["v1", "v2", "v2beta1", "v2beta2"]],
  ["batch", ["v1", "v1beta1", "v2alpha1"]],
  ["certificates.k8s.io", ["v1", "v1beta1", "v1alpha1"]],
  ["coordination.k8s.io", ["v1", "v1beta1", "v1alpha1", "v1alpha2"]],
  ["discovery.k8s.io", ["v1", "v1beta1"]],
  ["events.k8s.io", ["v1", "v1beta1"]],
  ["extensions", ["v1beta1"]],
  ["flowcontrol.apiserver.k8s.io", ["v1", "v1beta1", "v1beta2", "v1beta3", "v1alpha1"]],
  ["internal.apiserver.k8s.io", ["v1alpha1"]],
  ["networking.k8s.io", ["v1", "v1beta1", "v1alpha1"]],
  ["node.k8s.io", ["v1", "v1beta1", "v1alpha1"]],
  ["policy", ["v1", "v1beta1"]],
  ["rbac.authorization.k8s.io", ["v1", "v1beta1", "v1alpha1"]],
  ["resource.k8s.io", ["v1", "v1alpha1", "v1alpha2", "v1alpha3", "v1beta1", "v1beta2"]],
  ["scheduling.k8s.io", ["v1", "v1beta1", "v1alpha1"]],
  ["settings.k8s.io", ["v1alpha1"]],
  ["storage.k8s.io", ["v1", "v1beta1", "v1alpha1"]],
  ["storagemigration.k8s.io", ["v1alpha1", "v1beta1"]],
]);

/** Kinds of those groups whose objects live in no namespace. */
const clusterScoped: ReadonlySet<string> = new Set([
  "APIService",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterTrustBundle",
  "ComponentStatus",
  "CSIDriver",
  "CSINode",
  "CustomResourceDefinition",
  "DeviceClass",
  "DeviceTaintRule",
  "FlowSchema",
  "IPAddress",
  "IngressClass",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PodSecurityPolicy",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "ResourceSlice",
  "RuntimeClass",
  "SelfSubjectAccessReview",
  "SelfSubjectReview",
  "SelfSubjectRulesReview",
  "ServiceCIDR",
  "StorageClass",
  "StorageVersion",
  "StorageVersionMigration",
  "SubjectAccessReview",
  "TokenReview",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
]);

export const isBuiltIn = ({ group, version }: GroupVersionKind): boolean =>
  builtInGroups.get(group)?.includes(version) === true;

/** Whether a built-in kind's objects live in a namespace; undefined for a kind that is not Kubernetes' own. */
export function isNamespacedBuiltIn(kind: GroupVersionKind): boolean | undefined {
  return isBuiltIn(kind) ? !clusterScoped.has(kind.kind) : undefined;
}

/** For messages: `apps/v1/Deployment`. */
export const kindText = (kind: GroupVersionKind): string => `${apiVersionText(kind)}/${kind.kind}`;
