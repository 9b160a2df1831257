import type { Graph } from "./graph.ts";
import { Node, type Source } from "./node.ts";
import { share } from "./share.ts";
import type { View } from "./view.ts";

interface Unit<Input, Value> {
  input: Input;
  node: Node<Value> | undefined;
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
  readonly #reuse: (previous: Value | undefined, next: Value) => Value;
  readonly #idle: Value | undefined;
  readonly #units = new Map<string, Unit<Input, Value>>();
  readonly #marked = new Set<string>();
  readonly #gone = new Map<string, Value | undefined>();

  /**
   * @param run - the work on one input
   * @param reuse - joins a new result with the one before; by default all that is equal is shared
   * @param idle - a result that is not worth a word: a unit that gives it and has read nothing is forgotten
   */
  constructor(
    graph: Graph,
    run: (input: Input, view: View) => Value,
    reuse: (previous: Value | undefined, next: Value) => Value = share,
    idle?: Value,
  ) {
    this.#graph = graph;
    this.#run = run;
    this.#reuse = reuse;
    this.#idle = idle;
  }

  /** Makes a unit, or gives it another input. */
  put(key: string, input: Input): void {
    const unit = this.#units.get(key);
    if (unit?.input === input) return;
    this.#marked.add(key);
    if (unit === undefined) {
      this.#units.set(key, { input, node: undefined, told: this.#gone.get(key) });
      this.#gone.delete(key);
    } else {
      unit.input = input;
      unit.node?.mark("stale");
    }
  }

  delete(key: string): void {
    const unit = this.#units.get(key);
    if (unit === undefined) return;
    unit.node?.dispose();
    this.#units.delete(key);
    this.#marked.delete(key);
    this.#gone.set(key, unit.told);
  }

  /** Works out again what no longer holds. Gives the results that are others than at the last call. */
  refresh(): ReadonlyMap<string, Outcome<Value>> {
    const outcomes = new Map<string, Outcome<Value>>();
    for (const [key, before] of this.#gone) if (before !== undefined) outcomes.set(key, { before, after: undefined });
    this.#gone.clear();
    for (const key of this.#marked) {
      const unit = this.#units.get(key);
      if (unit === undefined) continue;
      const { told: before } = unit;
      unit.node ??= this.#node(key, unit);
      unit.told = unit.node.value;
      if (unit.told !== before) outcomes.set(key, { before, after: unit.told });
      if (unit.told === this.#idle && unit.node.readsNothing) this.#units.delete(key);
    }
    this.#marked.clear();
    return outcomes;
  }

  #node(key: string, unit: Unit<Input, Value>): Node<Value> {
    const run = (reads: Set<Source>): Value => this.#graph.run((view) => this.#run(unit.input, view), reads);
    return new Node(run, this.#reuse, () => this.#marked.add(key));
  }
}
