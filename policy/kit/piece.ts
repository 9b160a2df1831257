import type { FieldPath } from "../../routing/objects.ts";
import type { Kinds } from "./kinds.ts";
import type { Resource } from "./resource.ts";
import { decide } from "./unknown.ts";

/** What a policy decides on at a time: an object, a container, a port. What can't be known of one leaves the others judged. */
export interface Piece<T> {
  /** Whose it is; undefined: the stack's as a whole. */
  readonly resource: Resource | undefined;
  /** Where it is in the resource's properties. */
  readonly path: FieldPath;
  /** It throws at what a preview can't know, so only a policy's `check` calls it. */
  read(): T;
}

/** Finds the pieces of some resources: the one of a resource policy, all of a stack policy. It reads no values, so that nothing unknown can hide a piece. */
export type Selector<T, C = unknown> = (resources: readonly Resource[], config: C) => Iterable<Piece<T>>;

/** Kubernetes objects of some kinds: `objects("Service")`, `objects("apps/Deployment", "apps/StatefulSet")`. */
export function objects<K extends keyof Kinds>(...kinds: readonly K[]): Selector<Kinds[K]> {
  const wanted: ReadonlySet<string> = new Set(kinds);
  return (resources) =>
    resources
      .filter(({ kind }) => kind !== undefined && wanted.has(kind))
      .map((resource) => ({ ...whole(resource), read: () => resource.read() as object as Kinds[K] }));
}

/** Every Kubernetes object. */
export const allObjects: Selector<ReturnType<Resource["read"]>> = (resources) =>
  resources.filter(({ kind }) => kind !== undefined).map(whole);

/** Every resource, of Kubernetes or not. */
export const allResources: Selector<Resource> = (resources) =>
  resources.map((resource) => ({ ...whole(resource), read: () => resource }));

/** The stack as one piece. */
export const wholeStack: Selector<readonly Resource[]> = (resources) => [
  { resource: undefined, path: [], read: () => resources },
];

/** A part of a piece. */
export function part<T, P>(piece: Piece<T>, steps: FieldPath, get: (value: T) => P): Piece<P> {
  return { resource: piece.resource, path: [...piece.path, ...steps], read: () => get(piece.read()) };
}

/** The entries of a list in a piece; where a preview can't know the list, a piece that can't be read stands for all of them. */
export function parts<T, P>(
  piece: Piece<T>,
  steps: FieldPath,
  list: (value: T) => readonly P[] | null | undefined,
): Piece<P>[] {
  const size = decide(() => list(piece.read())?.length ?? 0);
  if ("unsaid" in size) return [];
  if ("unknown" in size) {
    const { unknown } = size;
    return [{ ...part(piece, steps, list), read: () => raise(unknown) }];
  }
  return Array.from({ length: size.value }, (_, index) =>
    part(piece, [...steps, index], (value) => list(value)?.[index] as P),
  );
}

/** The entries of a map in a piece (labels, a ConfigMap's data), each with its key. */
export function entries<T, P>(
  piece: Piece<T>,
  steps: FieldPath,
  map: (value: T) => Readonly<Record<string, P>> | null | undefined,
): Piece<readonly [key: string, value: P]>[] {
  // Keys are always known: Object.keys does not read the values.
  const keys = decide(() => Object.keys(map(piece.read()) ?? {}));
  if ("unsaid" in keys) return [];
  if ("unknown" in keys) {
    const { unknown } = keys;
    return [{ ...part(piece, steps, map), read: () => raise(unknown) }];
  }
  return keys.value.map((key) => part(piece, [...steps, key], (value) => [key, map(value)?.[key] as P] as const));
}

function whole(resource: Resource): Piece<ReturnType<Resource["read"]>> {
  return { resource, path: resource.path, read: () => resource.read() };
}

function raise(error: Error): never {
  throw error;
}
