import type { Kind, ObjectOf } from "../objects.ts";

/**
 * What a unit of work reads objects through. Every look-up is by a key, so that whoever keeps the unit's result knows what it depends on: on the objects that it was given, and on
 * the absence of those that it was not. A set of objects is a view itself, one that notes nothing.
 */
export interface View {
  /** The one of that name. */
  get<K extends Kind>(kind: K, namespace: string, name: string): ObjectOf<K> | undefined;
  /** Those that an index has under a key, oldest first. */
  find<K extends Kind>(index: Index<K>, key: string): readonly ObjectOf<K>[];
  /** Whether there is any object of a kind. */
  has(kind: Kind): boolean;
  /** Every object of a kind, oldest first. Whoever asks depends on all of them: an index is nearly always better. */
  all<K extends Kind>(kind: K): readonly ObjectOf<K>[];
  /** The answer to a query, worked out once as long as nothing changes that it has read. */
  ask<Value>(query: Query<Value>, key: string): Value;
}

/** A way to find objects of a kind by something that they say. Made once, at the top of a module: the look-up itself is kept by the set of objects. */
export interface Index<K extends Kind> {
  readonly kind: K;
  /** The keys under which an object is found. */
  keysOf(object: ObjectOf<K>): Iterable<string>;
}

/** An intermediate result that several units of work share. Those that asked run again only if the answer is another one. */
export interface Query<Value> {
  run(key: string, view: View): Value;
}
