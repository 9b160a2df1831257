import type { Query, View } from "../incremental/view.ts";
import type { Message } from "../message.ts";
import { Objects, type AnyObject, type Kind } from "../objects.ts";
import type { Analyzer } from "./analyzer.ts";
import { analyzers } from "./analyzers.ts";
import { claimMessages } from "./claims.ts";
import type { Workload } from "../workload.ts";
import type { AnalyzeOptions } from "./options.ts";
import { reportSkipped, reportUnread, unreadKinds } from "./skipped.ts";

const byKind: ReadonlyMap<Kind, readonly Analyzer[]> = Map.groupBy(analyzers, ({ kind }) => kind);

/** The kinds whose objects are checked. */
export const checkedKinds: readonly Kind[] = [...byKind.keys()];

/** What the checks of its kind say of one object. */
export interface Checked {
  readonly messages: readonly Message[];
  /** Analyzers that would have had something to look at, and could not be asked. */
  readonly skipped: readonly Analyzer[];
}

/** Nearly every object has nothing that is worth a word. */
export const faultless: Checked = { messages: [], skipped: [] };

/** Of each analyzer of a kind whether it can be asked. */
type Plan = readonly boolean[];

/** The checks that are made, and those that have to be skipped. */
export class Checks {
  readonly #complete: boolean;
  readonly #unread: readonly Kind[];
  readonly #workloads: readonly Workload[];
  readonly #blind: ReadonlySet<Analyzer>;
  /** Of kinds whose checks are made whatever objects there are. */
  readonly #settled: ReadonlyMap<Kind, Plan>;
  readonly #plan: Query<Plan> = { run: (kind, view) => this.#planOf(kind as Kind, view) };

  constructor({ complete = false, unread = [], workloads = [] }: AnalyzeOptions) {
    this.#complete = complete;
    this.#unread = unread;
    this.#workloads = workloads;
    this.#blind = new Set(analyzers.filter((analyzer) => unreadKinds(analyzer, unread).length > 0));
    const settled = checkedKinds.filter(
      (kind) => complete || byKind.get(kind)?.every(({ needs }) => needs.length === 0),
    );
    this.#settled = new Map(settled.map((kind) => [kind, this.#planOf(kind, Objects.empty)]));
  }

  check(object: AnyObject, view: View): Checked {
    const plan = this.#settled.get(object.kind) ?? view.ask(this.#plan, object.kind);
    const messages = [...claimMessages(object, view, this.#workloads)];
    const skipped: Analyzer[] = [];
    for (const [index, analyzer] of (byKind.get(object.kind) ?? []).entries()) {
      if (plan[index] === true) messages.push(...analyzer.check(object, view));
      else if (analyzer.concerns?.(object, view) ?? true) skipped.push(analyzer);
    }
    return messages.length + skipped.length === 0 ? faultless : { messages, skipped };
  }

  /** What is to be said of the checks that were skipped. */
  report(isSkipped: (analyzer: Analyzer) => boolean, view: View): Message[] {
    const skipped = analyzers.filter(isSkipped);
    return [
      ...reportSkipped(
        view,
        skipped.filter((analyzer) => this.#isLacking(analyzer, view)),
      ),
      ...reportUnread(
        skipped.filter((analyzer) => this.#blind.has(analyzer)),
        this.#unread,
      ),
    ];
  }

  #planOf(kind: Kind, view: View): Plan {
    return (byKind.get(kind) ?? []).map((analyzer) => !this.#blind.has(analyzer) && !this.#isLacking(analyzer, view));
  }

  #isLacking({ needs }: Analyzer, view: View): boolean {
    return !this.#complete && !needs.every((alternatives) => alternatives.some((kind) => view.has(kind)));
  }
}
