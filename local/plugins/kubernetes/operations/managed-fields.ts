import { isPropertyMap, type PropertyMap, type PropertyValue } from "../../provider/index.ts";
import { type KubernetesObject, listAt, mapAt, textAt, valueAt } from "../object.ts";

/**
 * Managers of which the fields are taken over before the first apply: this provider's own creates, and kubectl's, which people use on the same objects.
 * Otherwise a field that is left out of an apply would stay, as its old manager still wants it.
 */
const takenOver: readonly { readonly prefix: string; readonly operation: "Apply" | "Update" }[] = [
  { prefix: "kubectl", operation: "Apply" },
  { prefix: "kubectl", operation: "Update" },
  { prefix: "before-first-apply", operation: "Update" },
  { prefix: "pulumi-kubernetes", operation: "Update" },
  { prefix: "pulumi-resource-kubernetes", operation: "Update" },
];

/** Whether this provider has written the object without applying it. */
export function hasOwnUpdates(live: KubernetesObject): boolean {
  return listAt(live, "metadata", "managedFields").some(
    (entry) =>
      textAt(entry, "operation") === "Update" &&
      ["pulumi-resource-kubernetes", "pulumi-kubernetes", "pulumi-kubernetes.exe"].includes(textAt(entry, "manager")),
  );
}

/** The managed fields with those of the managers above under `manager`, as applied by it; undefined where nothing is to be taken over. */
export function takeOver(live: KubernetesObject, manager: string): readonly PropertyValue[] | undefined {
  const entries = listAt(live, "metadata", "managedFields");
  const isOurs = (entry: PropertyValue) =>
    textAt(entry, "manager") === manager && textAt(entry, "operation") === "Apply";
  const isTaken = (entry: PropertyValue) =>
    !isOurs(entry) &&
    textAt(entry, "subresource") === "" &&
    takenOver.some(
      ({ prefix, operation }) =>
        textAt(entry, "operation") === operation && textAt(entry, "manager").startsWith(prefix),
    );
  const taken = entries.filter(isTaken);
  const [first] = taken;
  if (!isPropertyMap(first)) return undefined;
  const ours = entries.find(isOurs);
  const fields = taken.reduce<PropertyMap>(
    (set, entry) => union(set, mapAt(entry, "fieldsV1")),
    mapAt(ours, "fieldsV1"),
  );
  const merged = { ...(isPropertyMap(ours) ? ours : { ...first, manager, operation: "Apply" }), fieldsV1: fields };
  return [...entries.filter((entry) => entry !== ours && !isTaken(entry)), merged];
}

/**
 * Both of two sets of fields, each a trie (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management): an empty map is a member,
 * a map with others below is one only if it has `.`.
 */
function union(a: PropertyMap, b: PropertyMap): PropertyMap {
  if (Object.keys(a).length === 0) return b;
  const merged: Record<string, PropertyValue> = { ...a };
  for (const [name, right] of Object.entries(b)) {
    const left = merged[name];
    if (!isPropertyMap(left) || !isPropertyMap(right)) {
      merged[name] = right;
      continue;
    }
    const both = {
      ...(isLeaf(left) && !isLeaf(right) ? { ".": {} } : left),
      ...(isLeaf(right) && !isLeaf(left) ? { ".": {} } : {}),
    };
    merged[name] = isLeaf(right) ? both : union(both, right);
  }
  return merged;
}

const isLeaf = (fields: PropertyMap): boolean => Object.keys(fields).length === 0;

/** Whether managers that meet the condition have a field, or anything below it. */
export function isManaged(
  live: KubernetesObject,
  path: readonly string[],
  condition: (manager: string) => boolean,
): boolean {
  return listAt(live, "metadata", "managedFields").some(
    (entry) =>
      condition(textAt(entry, "manager")) &&
      valueAt(entry, "fieldsV1", ...path.map((name) => `f:${name}`)) !== undefined,
  );
}
