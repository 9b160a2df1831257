type Value = string | number;

/** A count, and those of all whose labels begin as its do. */
interface Node {
  readonly below: Map<Value, Node>;
  count: number;
}

/** Counts by labels, until they are forgotten. No text is made of labels, as this counts each connection. */
export class Tally<Label extends string> {
  readonly #labels: readonly Label[];
  readonly #root = createNode();

  constructor(labels: readonly Label[]) {
    this.#labels = labels;
  }

  /** @param values - one for each label, in the labels' order */
  add(values: readonly Value[], amount = 1): void {
    let node = this.#root;
    for (const value of values) {
      let next = node.below.get(value);
      if (next === undefined) node.below.set(value, (next = createNode()));
      node = next;
    }
    node.count += amount;
  }

  /** Gives all to whoever wants them. */
  read(put: (labels: Readonly<Record<Label, Value>>, count: number) => void): void {
    for (const [values, { count }] of nodesAt(this.#root, this.#labels.length)) {
      const labels = Object.fromEntries(this.#labels.map((label, index) => [label, values[index]]));
      put(labels as Record<Label, Value>, count);
    }
  }

  /** Forgets those of one value of a label. */
  forget(label: Label, value: Value): void {
    for (const [, { below }] of nodesAt(this.#root, this.#labels.indexOf(label))) below.delete(value);
  }
}

function createNode(): Node {
  return { below: new Map(), count: 0 };
}

/** Those below so many labels, each with its values. */
function* nodesAt(node: Node, depth: number, values: readonly Value[] = []): Generator<[readonly Value[], Node]> {
  if (depth === 0) yield [values, node];
  else for (const [value, next] of node.below) yield* nodesAt(next, depth - 1, [...values, value]);
}
