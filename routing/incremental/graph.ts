import type { AnyObject, Kind, ObjectChange, ObjectOf, Objects } from "../objects.ts";
import { keysOf, objectKey, type Keys } from "./kind-set.ts";
import { Node, Source } from "./node.ts";
import { share } from "./share.ts";
import type { Index, Query, View } from "./view.ts";

/** How a node reads an object by its name. */
const names: Keys = { keysOf: ({ metadata }) => [objectKey(metadata)] };
/** How a node reads all objects of a kind. */
const everything: Keys = { keysOf: () => [""] };

/**
 * Results of units of work over a set of objects, and what each has read, so that when the set changes only those are worked out again that read what has changed: an object, a key of
 * an index (one that had nothing, too), or the answer to a query that turned out another one.
 *
 * Changes are pushed (whoever read them is marked), results are pulled (a marked one is checked when somebody wants it), so that a query whose answer stays the same stops a change.
 */
export class Graph {
  #objects: Objects;
  /** What has been read of the set: by kind, then by index, then by key. */
  readonly #cells = new Map<Kind, Map<Keys, Map<string, Source>>>();
  /** Kinds of which somebody has asked whether there are any. */
  readonly #presence = new Map<Kind, Source>();
  readonly #answers = new Map<unknown, Map<string, Source>>();
  #runs = 0;

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  get objects(): Objects {
    return this.#objects;
  }

  /** How many times a unit of work has run. */
  get runs(): number {
    return this.#runs;
  }

  /** Goes over to another set and marks whatever has read what is different there. Gives the differences. */
  update(objects: Objects): readonly ObjectChange[] {
    const before = this.#objects;
    const changes = [...before.changesTo(objects)];
    this.#objects = objects;
    for (const { before: gone, after } of changes) {
      if (gone !== undefined) this.#touch(gone);
      if (after !== undefined) this.#touch(after);
    }
    for (const [kind, source] of this.#presence) if (before.has(kind) !== objects.has(kind)) source.changed();
    return changes;
  }

  /** Does a unit of work, and notes what it reads. */
  run<Value>(work: (view: View) => Value, reads: Set<Source>): Value {
    this.#runs++;
    return work(new Recorder(this, reads));
  }

  /** What stands for the objects of a kind that an index has under a key. */
  cell(kind: Kind, index: Keys, key: string): Source {
    const byIndex = entry(this.#cells, kind, () => new Map<Keys, Map<string, Source>>());
    const cells = entry(byIndex, index, () => new Map<string, Source>());
    return entry(cells, key, () => new Source(() => cells.delete(key)));
  }

  /** What stands for there being objects of a kind. */
  presence(kind: Kind): Source {
    return entry(this.#presence, kind, () => new Source(() => this.#presence.delete(kind)));
  }

  /** The answer to a query. */
  answer<Value>(query: Query<Value>, key: string): Node<Value> {
    const answers = entry(this.#answers, query, () => new Map<string, Source>());
    const node = entry(answers, key, () => {
      const made = new Node<Value>((reads) => this.run((view) => query.run(key, view), reads), share);
      made.unread = () => {
        answers.delete(key);
        made.dispose();
      };
      return made;
    });
    // Nothing but this query puts a node under its name.
    return node as Node<Value>;
  }

  #touch(object: AnyObject): void {
    for (const [index, cells] of this.#cells.get(object.kind) ?? []) {
      for (const key of keysOf(index, object)) cells.get(key)?.changed();
    }
  }
}

/** Gives a unit of work what it asks for, and notes it. */
class Recorder implements View {
  readonly #graph: Graph;
  readonly #reads: Set<Source>;

  constructor(graph: Graph, reads: Set<Source>) {
    this.#graph = graph;
    this.#reads = reads;
  }

  get<K extends Kind>(kind: K, namespace: string, name: string): ObjectOf<K> | undefined {
    this.#reads.add(this.#graph.cell(kind, names, objectKey({ namespace, name })));
    return this.#graph.objects.get(kind, namespace, name);
  }

  find<K extends Kind>(index: Index<K>, key: string): readonly ObjectOf<K>[] {
    this.#reads.add(this.#graph.cell(index.kind, index, key));
    return this.#graph.objects.find(index, key);
  }

  has(kind: Kind): boolean {
    this.#reads.add(this.#graph.presence(kind));
    return this.#graph.objects.has(kind);
  }

  all<K extends Kind>(kind: K): readonly ObjectOf<K>[] {
    this.#reads.add(this.#graph.cell(kind, everything, ""));
    return this.#graph.objects.all(kind);
  }

  ask<Value>(query: Query<Value>, key: string): Value {
    const node = this.#graph.answer(query, key);
    this.#reads.add(node);
    return node.value;
  }
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
