import { type GroupVersionKind, groupVersionKind } from "./object.ts";

/** What a URN's type token says: `kubernetes:apps/v1:Deployment` → group, version and kind. */
export function kindOfType(type: string): GroupVersionKind {
  const [pkg = "", module = "", kind = ""] = type.split(":");
  if (pkg !== "kubernetes") throw new Error(`Unrecognized resource type "${type}" for this provider`);
  if (module.split("/").length !== 2)
    throw new Error(`apiVersion does not have both a group and a version: "${module}"`);
  return groupVersionKind(module, kind);
}

/**
 * Whether a type is one of the `…Patch` resources, which manage some fields of an object that others own. `kind` is the object's own kind, which for
 * those is the type's without `Patch`; so a custom kind that happens to end in "Patch" is none.
 */
export function isPatchType(type: string, kind: string): boolean {
  const name = type.split(":")[2] ?? "";
  return name.endsWith("Patch") && name !== kind;
}

/** Whether a type is one of the `…List` kinds that the API has for reading only. */
export function isListType(type: string): boolean {
  const [, module = "", name = ""] = type.split(":");
  return (
    name.endsWith("List") &&
    name.length > "List".length &&
    (!module.includes(".") || module.split("/")[0]?.endsWith(".k8s.io") === true)
  );
}

export const isHelmRelease = (type: string): boolean => type === "kubernetes:helm.sh/v3:Release";
