import { Derivation } from "../gateway-api/derivation.ts";
import { Graph } from "../incremental/graph.ts";
import { edit } from "../incremental/sorted-list.ts";
import { Units, type Outcome } from "../incremental/units.ts";
import type { View } from "../incremental/view.ts";
import { compareMessages, type Message } from "../message.ts";
import { Objects, type AnyObject, type Kind } from "../objects.ts";
import type { Analyzer } from "./analyzer.ts";
import { analyzers } from "./analyzers.ts";
import { claimMessages } from "./claims.ts";
import type { AnalyzeOptions } from "./options.ts";
import { reportSkipped, reportUnread, unreadKinds } from "./skipped.ts";

const byKind: ReadonlyMap<Kind, readonly Analyzer[]> = Map.groupBy(analyzers, ({ kind }) => kind);

/** What the checks of one object's kind say of it. */
interface Checked {
  readonly messages: readonly Message[];
  /** Analyzers that lack a kind of object and would have had something to look at. */
  readonly lacking: readonly Analyzer[];
  /** Analyzers that would have had to look at what may not be read. */
  readonly blind: readonly Analyzer[];
}

/** Nearly every object has nothing that is worth a word. */
const faultless: Checked = { messages: [], lacking: [], blind: [] };

/**
 * Analyzes one set of objects after the other, and of each only what has changed since the one before: the objects that are new or others, and those whose checks looked at
 * something that is another now.
 */
export class Analysis {
  readonly #options: AnalyzeOptions;
  readonly #derivation = new Derivation();
  readonly #graph = new Graph(Objects.empty);
  readonly #units = new Units<AnyObject, Checked>(
    this.#graph,
    (object, view) => this.#check(object, view),
    (_previous, next) => next,
    faultless,
  );
  readonly #lacking = new Tally<Analyzer>();
  readonly #blind = new Tally<Analyzer>();
  #messages: readonly Message[] = [];

  constructor(options: AnalyzeOptions = {}) {
    this.#options = options;
  }

  /** How many times an object, or something that several of them share, has been looked at. */
  get runs(): number {
    return this.#graph.runs;
  }

  /** Says all that is wrong with a set of objects, the worst first. */
  update(declared: Objects): readonly Message[] {
    const objects = this.#derivation.update(declared);
    for (const { before, after } of this.#graph.update(objects)) {
      if (after !== undefined && byKind.has(after.kind)) this.#units.put(keyOf(after), after);
      else if (before !== undefined) this.#units.delete(keyOf(before));
    }
    this.#collect(this.#units.refresh().values());
    const inOrder = (tally: Tally<Analyzer>) => analyzers.filter((analyzer) => tally.has(analyzer));
    const general = [
      ...reportSkipped(objects, inOrder(this.#lacking)),
      ...reportUnread(inOrder(this.#blind), this.#options.unread ?? []),
    ];
    return edit(this.#messages, new Set(), general, compareMessages);
  }

  #collect(outcomes: Iterable<Outcome<Checked>>): void {
    const removed = new Set<Message>();
    const added: Message[] = [];
    for (const { before = faultless, after = faultless } of outcomes) {
      for (const message of before.messages) removed.add(message);
      added.push(...after.messages);
      this.#lacking.exchange(before.lacking, after.lacking);
      this.#blind.exchange(before.blind, after.blind);
    }
    if (removed.size > 0 || added.length > 0) this.#messages = edit(this.#messages, removed, added, compareMessages);
  }

  #check(object: AnyObject, view: View): Checked {
    const { complete = false, unread = [], workloads = [] } = this.#options;
    const messages: Message[] = [...claimMessages(object, view, workloads)];
    const lacking: Analyzer[] = [];
    const blind: Analyzer[] = [];
    for (const analyzer of byKind.get(object.kind) ?? []) {
      const isBlind = unreadKinds(analyzer, unread).length > 0;
      const lacks = !complete && !hasKinds(view, analyzer);
      if (!isBlind && !lacks) messages.push(...analyzer.check(object, view));
      else if (analyzer.concerns?.(object, view) ?? true) {
        if (isBlind) blind.push(analyzer);
        if (lacks) lacking.push(analyzer);
      }
    }
    return messages.length + lacking.length + blind.length === 0 ? faultless : { messages, lacking, blind };
  }
}

/** Counts things that come and go. */
class Tally<T> {
  readonly #counts = new Map<T, number>();

  has(item: T): boolean {
    return this.#counts.has(item);
  }

  exchange(gone: readonly T[], come: readonly T[]): void {
    for (const item of come) this.#counts.set(item, (this.#counts.get(item) ?? 0) + 1);
    for (const item of gone) {
      const left = (this.#counts.get(item) ?? 0) - 1;
      if (left > 0) this.#counts.set(item, left);
      else this.#counts.delete(item);
    }
  }
}

function hasKinds(view: View, { needs }: Analyzer): boolean {
  return needs.every((alternatives) => alternatives.some((kind) => view.has(kind)));
}

function keyOf({ kind, metadata }: AnyObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}
