import { Compiler, type Compiled } from "../../../routing/compile/compiler.ts";
import type { Message } from "../../../routing/message.ts";
import { Objects, type AnyObject, type ObjectChange, type Service } from "../../../routing/objects.ts";
import { resourceName } from "../../../routing/resolve/about.ts";
import type { Workload } from "../../../routing/workload.ts";
import { currentKinds, type Entry, type Store } from "./store.ts";

export interface CompiledEntries extends Compiled {
  /** Objects whose newest form is broken, so that an older one, or none, is in force: `Kind namespace/name`. */
  readonly rejected: ReadonlySet<string>;
}

/**
 * Compiles the newest form of every object; where that is broken, by itself or in company with the others, the last good form of that one
 * object stays in force and freezes nothing else. Notes in the entries which form is in force, and which has turned out to be good. Each time costs about what has changed.
 */
export class LastGood {
  readonly #store: Store;
  readonly #compiler: Compiler;
  /** The newest form of every object, or its last good one where the newest cannot be read. */
  #newest = Objects.empty;
  #objects = Objects.empty;
  /** Entries whose newest form is not known to be good. */
  readonly #unproven = new Set<Entry>();
  #reported: Reported | undefined;

  constructor(store: Store, workload: Workload, serviceOf: (objects: Objects) => Service | undefined) {
    this.#store = store;
    this.#compiler = new Compiler(workload, serviceOf);
  }

  /** The forms that count. */
  get objects(): Objects {
    return this.#objects;
  }

  compile(): CompiledEntries {
    const changes = this.#store.takeChanges();
    this.#newest = this.#newest.with(changes.map(changeOf));
    for (const { before, after } of changes) {
      if (before !== undefined) this.#unproven.delete(before);
      if (after !== undefined) this.#unproven.add(after);
    }
    for (const entry of this.#unproven) entry.inForce = entry.current ?? entry.good;

    const attempt = this.#compiler.update(this.#newest);
    const wrong = errorsOf(attempt.messages);
    const broken = [...this.#unproven].filter(
      ({ current, good }) =>
        current !== undefined &&
        good !== undefined &&
        !currentKinds.has(current.kind) &&
        wrong.has(resourceName(current)),
    );
    for (const entry of broken) entry.inForce = entry.good;
    this.#objects = this.#newest.with(broken.map(({ current, good }) => ({ before: current, after: good })));
    const compiled = broken.length === 0 ? attempt : this.#compiler.update(this.#objects);

    this.#prove(errorsOf(compiled.messages));
    return { table: compiled.table, ...this.#report(attempt, compiled, wrong) };
  }

  /** What is in force and has no error is good. */
  #prove(wrong: ReadonlySet<string>): void {
    for (const entry of this.#unproven) {
      const { current, inForce } = entry;
      if (current === undefined || current !== inForce || wrong.has(resourceName(current))) continue;
      this.#store.prove(entry);
      this.#unproven.delete(entry);
    }
  }

  #report(attempt: Compiled, compiled: Compiled, wrong: ReadonlySet<string>): Reported {
    const sources = [this.#store.messages, attempt.messages, compiled.messages];
    if (this.#reported === undefined || sources.some((source, index) => source !== this.#reported?.sources[index])) {
      this.#reported = {
        sources,
        messages: unique(sources.flat()),
        rejected: new Set([...errorsOf(this.#store.messages), ...wrong]),
      };
    }
    return this.#reported;
  }
}

interface Reported {
  readonly sources: readonly (readonly Message[])[];
  readonly messages: readonly Message[];
  readonly rejected: ReadonlySet<string>;
}

function changeOf({
  before,
  after,
}: {
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}): ObjectChange {
  const formOf = (entry: Entry | undefined): AnyObject | undefined => entry?.current ?? entry?.good;
  return { before: formOf(before), after: formOf(after) };
}

function errorsOf(messages: readonly Message[]): Set<string> {
  return new Set(messages.filter(({ level }) => level === "Error").map(({ resource }) => resource));
}

function unique(messages: readonly Message[]): Message[] {
  const seen = new Map(
    messages.map((message) => [JSON.stringify([message.code, message.resource, message.message]), message]),
  );
  return [...seen.values()];
}
