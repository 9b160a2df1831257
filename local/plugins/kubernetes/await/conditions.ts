import { type KubernetesObject, listAt, textAt, uidOf } from "../object.ts";
import type { PropertyValue } from "../../provider/index.ts";

/** The condition of a type in an object's status. */
export function conditionOf(object: KubernetesObject, type: string): PropertyValue | undefined {
  return listAt(object, "status", "conditions").find((condition) => textAt(condition, "type") === type);
}

export const isConditionTrue = (object: KubernetesObject, type: string): boolean =>
  textAt(conditionOf(object, type), "status") === "True";

/** Whether an object was made by another on its behalf. */
export function isOwnedBy(object: KubernetesObject, owner: KubernetesObject | undefined): boolean {
  const uid = owner === undefined ? "" : uidOf(owner);
  return (
    uid !== "" && listAt(object, "metadata", "ownerReferences").some((reference) => textAt(reference, "uid") === uid)
  );
}
