import type { DeclaredObject, FieldPath } from "../objects.ts";
import type { ObjectReference } from "../table.ts";

/** `Kind namespace/name`, or without the namespace where the declaration names none, as istioctl does. */
export function resourceName({ kind, metadata, origin }: DeclaredObject): string {
  return `${kind} ${displayName({ metadata, origin })}`;
}

/** `namespace/name`, or without the namespace where the declaration names none. */
export function displayName({ metadata, origin }: Pick<DeclaredObject, "metadata" | "origin">): string {
  return origin.namespaceImplied || metadata.namespace === ""
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}

/** What a message about a field of an object starts with. */
export function about(object: DeclaredObject, path: FieldPath): { resource: string; reference: string | undefined } {
  return { resource: resourceName(object), reference: object.origin.reference(path) };
}

export function referenceTo({ kind, metadata }: DeclaredObject): ObjectReference {
  return { kind, namespace: metadata.namespace, name: metadata.name };
}
