/** The Pod Security Standard `restricted`, and more: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */

/** The images' user, `node` of the official Node image. */
const user = 1000;

/** `securityContext` of a pod. */
export const podSecurityContext = {
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  seccompProfile: { type: "RuntimeDefault" },
};

/** `securityContext` of a container. */
export const containerSecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

/** An environment variable by the downward API. */
export function fromField(name: string, fieldPath: string) {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}
