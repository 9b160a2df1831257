import { type KubernetesObject, withValue } from "../object.ts";

/** Says who manages an object that was made by client-side apply, where no field manager does. */
export const managedByLabel = "app.kubernetes.io/managed-by";

export function withManagedByLabel(object: KubernetesObject): KubernetesObject {
  return withValue(object, ["metadata", "labels", managedByLabel], "pulumi");
}
