import { compareAge, sortByAge } from "../age.ts";
import type { AnyObject, Kind } from "../objects.ts";
import { PersistentMap } from "./persistent-map.ts";
import { edit } from "./sorted-list.ts";
import type { Index } from "./view.ts";

/** How objects of the set are found. */
export type Keys = Pick<Index<Kind>, "keysOf">;

type Lists = PersistentMap<readonly AnyObject[]>;

/** One list that has every object. */
const everything: Keys = { keysOf: () => [""] };

/** Under which an object is known among those of its kind: `namespace/name`. */
export function objectKey({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

/** The objects of one kind: an immutable set with its look-ups, which are made when they are asked for first and edited from then on. */
export class KindSet {
  static readonly empty: KindSet = new KindSet(PersistentMap.of<AnyObject>([]), new Map());

  readonly #objects: PersistentMap<AnyObject>;
  readonly #indexes: Map<Keys, Lists>;

  private constructor(objects: PersistentMap<AnyObject>, indexes: Map<Keys, Lists>) {
    this.#objects = objects;
    this.#indexes = indexes;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): AnyObject | undefined {
    return this.#objects.get(key);
  }

  all(): readonly AnyObject[] {
    return this.find(everything, "");
  }

  find(index: Keys, key: string): readonly AnyObject[] {
    let lists = this.#indexes.get(index);
    if (lists === undefined) {
      lists = this.#createLists(index);
      this.#indexes.set(index, lists);
    }
    return lists.get(key) ?? [];
  }

  /** By key; undefined takes an object out. */
  with(changes: ReadonlyMap<string, AnyObject | undefined>): KindSet {
    const objects = this.size === 0 ? PersistentMap.of(present(changes)) : this.#objects.with(changes);
    const removed = new Set<AnyObject>();
    const added: AnyObject[] = [];
    for (const [key, after] of changes) {
      const before = this.#objects.get(key);
      if (before === after) continue;
      if (before !== undefined) removed.add(before);
      if (after !== undefined) added.push(after);
    }
    // Where nearly all is new the look-ups had better be made anew.
    const indexes = added.length > this.size ? [] : [...this.#indexes];
    return new KindSet(
      objects,
      new Map(indexes.map(([index, lists]) => [index, editLists(index, lists, removed, added)])),
    );
  }

  #createLists(index: Keys): Lists {
    if (index !== everything) return PersistentMap.of(group(index, this.all()));
    return PersistentMap.of([["", sortByAge(Array.from(this.#objects, ([, object]) => object))]]);
  }

  differences(other: KindSet): Iterable<string> {
    return this === other ? [] : this.#objects.differences(other.#objects);
  }
}

function* present(changes: ReadonlyMap<string, AnyObject | undefined>): Generator<readonly [string, AnyObject]> {
  for (const [key, object] of changes) if (object !== undefined) yield [key, object];
}

function editLists(index: Keys, lists: Lists, removed: ReadonlySet<AnyObject>, added: readonly AnyObject[]): Lists {
  const gone = group(index, removed);
  const come = group(index, added);
  const changes = new Map<string, readonly AnyObject[] | undefined>();
  for (const key of new Set([...gone.keys(), ...come.keys()])) {
    const list = edit(lists.get(key) ?? [], new Set(gone.get(key)), come.get(key) ?? [], compareAge);
    changes.set(key, list.length === 0 ? undefined : list);
  }
  return lists.with(changes);
}

function group(index: Keys, objects: Iterable<AnyObject>): Map<string, AnyObject[]> {
  const groups = new Map<string, AnyObject[]>();
  for (const object of objects) {
    for (const key of keysOf(index, object)) {
      const members = groups.get(key);
      if (members === undefined) groups.set(key, [object]);
      else members.push(object);
    }
  }
  return groups;
}

/** The keys under which an index has an object, each once. */
export function keysOf(index: Keys, object: AnyObject): Iterable<string> {
  return new Set(index.keysOf(object as never));
}
