import type { Graph } from "./graph.ts";
import type { Node } from "./node.ts";
import type { View } from "./view.ts";

interface Unit<Input, Value> {
  input: Input;
  readonly node: Node<Value>;
  /** What was told last. */
  told: Value | undefined;
}

/** What has become of a unit's result. */
export interface Outcome<Value> {
  /** undefined: there was none. */
  readonly before: Value | undefined;
  /** undefined: the unit is gone. */
  readonly after: Value | undefined;
}

/** Units of work of one sort, each with an input of its own, whose results somebody keeps and wants to be told of. */
export class Units<Input, Value> {
  readonly #graph: Graph;
  readonly #run: (input: Input, view: View) => Value;
  readonly #reuse: ((previous: Value | undefined, next: Value) => Value) | undefined;
  readonly #units = new Map<string, Unit<Input, Value>>();
  readonly #marked = new Set<string>();
  readonly #gone = new Map<string, Value | undefined>();

  /**
   * @param run - the work on one input
   * @param reuse - joins a new result with the one before; by default all that is equal is shared
   */
  constructor(
    graph: Graph,
    run: (input: Input, view: View) => Value,
    reuse?: (previous: Value | undefined, next: Value) => Value,
  ) {
    this.#graph = graph;
    this.#run = run;
    this.#reuse = reuse;
  }

  /** Makes a unit, or gives it another input. */
  put(key: string, input: Input): void {
    const known = this.#units.get(key);
    if (known !== undefined) {
      if (known.input === input) return;
      known.input = input;
      known.node.mark("stale");
      return;
    }
    const node = this.#graph.node((view) => this.#run(unit.input, view), {
      ...(this.#reuse && { reuse: this.#reuse }),
      marked: () => this.#marked.add(key),
    });
    const unit: Unit<Input, Value> = { input, node, told: this.#gone.get(key) };
    this.#gone.delete(key);
    this.#units.set(key, unit);
    this.#marked.add(key);
  }

  delete(key: string): void {
    const unit = this.#units.get(key);
    if (unit === undefined) return;
    unit.node.dispose();
    this.#units.delete(key);
    this.#marked.delete(key);
    this.#gone.set(key, unit.told);
  }

  /** Works out again what no longer holds. Gives the results that are others than at the last call. */
  refresh(): ReadonlyMap<string, Outcome<Value>> {
    const outcomes = new Map<string, Outcome<Value>>();
    for (const [key, before] of this.#gone) outcomes.set(key, { before, after: undefined });
    this.#gone.clear();
    for (const key of this.#marked) {
      const unit = this.#units.get(key);
      if (unit === undefined) continue;
      const { told: before } = unit;
      unit.told = unit.node.value;
      if (unit.told !== before) outcomes.set(key, { before, after: unit.told });
    }
    this.#marked.clear();
    return outcomes;
  }
}
