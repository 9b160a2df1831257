import { annotationOf, type KubernetesObject, withValue } from "./object.ts";
import { isPropertyMap } from "../provider/index.ts";

/** Annotations by which a program steers this provider (https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/). */
export const annotations = {
  /** Set by the provider: it has chosen the name, so a replacement can be made before the old object is deleted. */
  autonamed: "pulumi.com/autonamed",
  skipAwait: "pulumi.com/skipAwait",
  timeoutSeconds: "pulumi.com/timeoutSeconds",
  replaceUnready: "pulumi.com/replaceUnready",
  patchForce: "pulumi.com/patchForce",
  patchFieldManager: "pulumi.com/patchFieldManager",
  deletionPropagationPolicy: "pulumi.com/deletionPropagationPolicy",
  waitFor: "pulumi.com/waitFor",
} as const;

export const isAnnotationTrue = (object: KubernetesObject, name: string): boolean =>
  annotationOf(object, name) === "true";

/** Sets an annotation to "true", unless the object's metadata or annotations are not known yet. */
export function withAnnotationTrue(object: KubernetesObject, name: string): KubernetesObject {
  const metadata = object.metadata;
  if (metadata !== undefined && !isPropertyMap(metadata)) return object;
  return withValue(object, ["metadata", "annotations", name], "true");
}

/** How long to wait, in milliseconds: the resource option `customTimeouts`, else the annotation, else nothing. */
export function timeoutMillis(object: KubernetesObject, customTimeoutSeconds: number): number | undefined {
  if (customTimeoutSeconds !== 0) return Math.trunc(customTimeoutSeconds) * 1000;
  const text = annotationOf(object, annotations.timeoutSeconds);
  return /^[+-]?\d+$/.test(text) ? Number(text) * 1000 : undefined;
}

/** What becomes of dependents when the object is deleted; they go first by default. */
export function propagationPolicy(object: KubernetesObject): "Orphan" | "Background" | "Foreground" {
  switch (annotationOf(object, annotations.deletionPropagationPolicy).toLowerCase()) {
    case "orphan":
      return "Orphan";
    case "background":
      return "Background";
    default:
      return "Foreground";
  }
}
