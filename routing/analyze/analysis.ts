import { Derivation } from "../gateway-api/derivation.ts";
import { Graph } from "../incremental/graph.ts";
import { edit } from "../incremental/sorted-list.ts";
import { Units } from "../incremental/units.ts";
import { compareMessages, type Message } from "../message.ts";
import { Objects, type AnyObject } from "../objects.ts";
import type { Analyzer } from "./analyzer.ts";
import { checkedKinds, Checks, faultless, type Checked } from "./checks.ts";
import type { AnalyzeOptions } from "./options.ts";

/**
 * Analyzes one set of objects after the other, and of each only what has changed since the one before: the objects that are new or others, and those whose checks looked at
 * something that is another now.
 */
export class Analysis {
  readonly #checks: Checks;
  readonly #derivation = new Derivation();
  readonly #graph = new Graph(Objects.empty);
  readonly #units = new Units<AnyObject, Checked>(
    this.#graph,
    (object, view) => this.#checks.check(object, view),
    (_previous, next) => next,
    faultless,
  );
  /** Of how many objects an analyzer would have had something to say. */
  readonly #skipped = new Map<Analyzer, number>();
  #messages: readonly Message[] = [];

  constructor(options: AnalyzeOptions = {}) {
    this.#checks = new Checks(options);
  }

  /** How many times an object, or something that several of them share, has been looked at. */
  get runs(): number {
    return this.#graph.runs;
  }

  /** Says all that is wrong with a set of objects, the worst first. */
  update(declared: Objects): readonly Message[] {
    const objects = this.#derivation.update(declared);
    for (const { before, after } of this.#graph.update(objects)) {
      if (after !== undefined && checkedKinds.includes(after.kind)) this.#units.put(keyOf(after), after);
      else if (before !== undefined) this.#units.delete(keyOf(before));
    }
    this.#collect();
    const general = this.#checks.report((analyzer) => this.#skipped.has(analyzer), objects);
    return edit(this.#messages, new Set(), general, compareMessages);
  }

  #collect(): void {
    const removed = new Set<Message>();
    const added: Message[] = [];
    for (const { before = faultless, after = faultless } of this.#units.refresh().values()) {
      for (const message of before.messages) removed.add(message);
      added.push(...after.messages);
      for (const analyzer of after.skipped) this.#count(analyzer, 1);
      for (const analyzer of before.skipped) this.#count(analyzer, -1);
    }
    if (removed.size + added.length > 0) this.#messages = edit(this.#messages, removed, added, compareMessages);
  }

  #count(analyzer: Analyzer, by: 1 | -1): void {
    const count = (this.#skipped.get(analyzer) ?? 0) + by;
    if (count > 0) this.#skipped.set(analyzer, count);
    else this.#skipped.delete(analyzer);
  }
}

function keyOf({ kind, metadata }: AnyObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}
