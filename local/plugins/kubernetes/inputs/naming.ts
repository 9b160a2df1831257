import { type Autonaming, Unknown } from "../../provider/index.ts";
import { annotations, isAnnotationTrue, withAnnotationTrue } from "../annotations.ts";
import { type KubernetesObject, nameOf, textAt, valueAt, withValue } from "../object.ts";
import { uniqueName } from "./unique-name.ts";

/** Whether the object has a name, be it one that is not known yet. */
export const isNamed = (object: KubernetesObject): boolean =>
  valueAt(object, "metadata", "name") instanceof Unknown || nameOf(object) !== "";

/** Whether the API server is to choose the name. */
export const hasGenerateName = (object: KubernetesObject): boolean =>
  !isNamed(object) &&
  (valueAt(object, "metadata", "generateName") instanceof Unknown || textAt(object, "metadata", "generateName") !== "");

/** Whether the provider has chosen the name. */
export const isAutonamed = (object: KubernetesObject): boolean => isAnnotationTrue(object, annotations.autonamed);

/** Names a new object that has no name: as the user's autonaming configuration says, else `<resource name>-<8 hexadecimal digits>`. */
export function assignName(
  object: KubernetesObject,
  resourceName: string,
  randomSeed: Uint8Array,
  autonaming: Autonaming | undefined,
): KubernetesObject {
  if (isNamed(object) || hasGenerateName(object)) return object;
  if (autonaming?.mode === "disable")
    throw new Error("autonaming is disabled, resource requires the .metadata.name field to be set");
  const name = autonaming === undefined ? uniqueName(`${resourceName}-`, randomSeed) : autonaming.proposedName;
  return withAnnotationTrue(withValue(object, ["metadata", "name"], name), annotations.autonamed);
}

/** Keeps the name that the provider chose for the object before. */
export function adoptName(object: KubernetesObject, old: KubernetesObject): KubernetesObject {
  if (isNamed(object) || !isAutonamed(old)) return object;
  return withAnnotationTrue(withValue(object, ["metadata", "name"], nameOf(old)), annotations.autonamed);
}
