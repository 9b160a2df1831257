import type { DeclaredObject, FieldPath } from "../objects.ts";
import { declaredKindOf } from "../schema/index.ts";
import type { ObjectReference } from "../table.ts";

/** The object that people know: what was declared, where this one was derived from it. */
export function declaredBy<T extends Pick<DeclaredObject, "origin">>(object: T): T | DeclaredObject {
  return object.origin.source ?? object;
}

/** `Kind namespace/name`, or without the namespace where the declaration names none, as istioctl does. */
export function resourceName(object: DeclaredObject): string {
  return `${declaredKindOf(declaredBy(object).kind)} ${displayName(object)}`;
}

/** `namespace/name`, or without the namespace where the declaration names none. */
export function displayName(object: Pick<DeclaredObject, "metadata" | "origin">): string {
  const { metadata, origin } = declaredBy(object);
  return origin.namespaceImplied || metadata.namespace === ""
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;
}

/** What a message about a field of an object starts with. */
export function about(object: DeclaredObject, path: FieldPath): { resource: string; reference: string | undefined } {
  return { resource: resourceName(object), reference: object.origin.reference(path) };
}

export function referenceTo(object: DeclaredObject): ObjectReference {
  const { kind, metadata } = declaredBy(object);
  return { kind, namespace: metadata.namespace, name: metadata.name };
}
