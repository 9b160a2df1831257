import { groupVersionKindOf, isConfigMap, isSecret, type KubernetesObject, valueAt } from "../object.ts";

/**
 * Fields of which a change makes a replacement, by kind and the versions that it holds for: what the official provider replaces for, which is less than
 * what the API server would refuse to change. A path is names from the object's root; `*` stands for any element of an array.
 */
interface Rule {
  readonly group: string;
  readonly versions: readonly string[];
  readonly kind: string;
  readonly paths: readonly string[];
}

/** The ways in which a ConfigMap or a Secret may be changed in place, both off by default: their consumers notice a new name, and not new data. */
export interface Mutability {
  readonly configMaps: boolean;
  readonly secrets: boolean;
}

const under = (prefix: string, fields: string): readonly string[] =>
  fields.split(" ").map((field) => `${prefix}.${field}`);

const selector = "spec.selector";

const containerFields =
  "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources securityContext stdin stdinOnce terminationMessagePath " +
  "terminationMessagePolicy tty volumeDevices volumeMounts workingDir";

const podFields =
  "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID hostname imagePullSecrets nodeName " +
  "nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates restartPolicy runtimeClassName schedulerName securityContext " +
  "serviceAccount serviceAccountName shareProcessNamespace subdomain terminationGracePeriodSeconds volumes";

const volumeSources =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath iscsi local nfs " +
  "photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume";

const rules: readonly Rule[] = [
  {
    group: "apps",
    versions: ["v1beta1", "v1beta2", "v1"],
    kind: "StatefulSet",
    paths: under("spec", "podManagementPolicy revisionHistoryLimit selector serviceName volumeClaimTemplates"),
  },
  { group: "apps", versions: ["v1beta2", "v1"], kind: "DaemonSet", paths: [selector] },
  { group: "apps", versions: ["v1beta2", "v1"], kind: "Deployment", paths: [selector] },
  {
    group: "batch",
    versions: ["v1beta1", "v1", "v2alpha1"],
    kind: "Job",
    paths: under("spec", "completions parallelism selector template"),
  },
  { group: "policy", versions: ["v1beta1"], kind: "PodDisruptionBudget", paths: ["spec"] },
  {
    group: "rbac.authorization.k8s.io",
    versions: ["v1alpha1", "v1beta1", "v1"],
    kind: "ClusterRoleBinding",
    paths: ["roleRef"],
  },
  {
    group: "rbac.authorization.k8s.io",
    versions: ["v1alpha1", "v1beta1", "v1"],
    kind: "RoleBinding",
    paths: ["roleRef"],
  },
  { group: "storage.k8s.io", versions: ["v1"], kind: "StorageClass", paths: ["parameters", "provisioner"] },
  { group: "", versions: ["v1"], kind: "PersistentVolume", paths: under("spec", volumeSources) },
  {
    group: "",
    versions: ["v1"],
    kind: "PersistentVolumeClaim",
    paths: under("spec", "accessModes selector storageClassName volumeName"),
  },
  {
    group: "",
    versions: ["v1"],
    kind: "Pod",
    paths: [
      ...under("spec", podFields),
      ...under("spec.containers.*", containerFields),
      ...under("spec.initContainers.*", containerFields),
    ],
  },
  { group: "", versions: ["v1"], kind: "ResourceQuota", paths: ["spec.scopes"] },
  { group: "", versions: ["v1"], kind: "Secret", paths: ["type"] },
  { group: "", versions: ["v1"], kind: "Service", paths: ["spec.clusterIP"] },
];

/** An object is what its name and namespace say, whatever its kind. */
export const identityPaths: readonly string[] = ["metadata.name", "metadata.namespace"];

/** The paths that an object cannot have changed in place. */
export function forceNewPaths(object: KubernetesObject, mutability: Mutability): readonly string[] {
  const { group, version, kind } = groupVersionKindOf(object);
  const immutable = valueAt(object, "immutable") === true;
  const ofKind = rules
    .filter((rule) => rule.group === group && rule.versions.includes(version) && rule.kind === kind)
    .flatMap(({ paths }) => paths);
  const ofData = [
    ...(isConfigMap(object) && (immutable || !mutability.configMaps) ? ["binaryData", "data"] : []),
    ...(isSecret(object) && (immutable || !mutability.secrets) ? ["stringData", "data"] : []),
  ];
  return [...identityPaths, ...ofKind, ...ofData];
}
