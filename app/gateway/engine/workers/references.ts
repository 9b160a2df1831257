/**
 * Numbers for what connections have in common (rules, clusters, endpoints, addresses), so that each is copied to the other thread once and not with each connection. What was sent under the same number
 * is the same object there.
 */

/** Things that are numbered at once; from there on numbers begin anew, so that what is gone is kept by nobody. */
const CAPACITY = 4096;

/** New things, in the order of their numbers. */
export interface NewReferences {
  /** The number of the first; numbers from here on that were given before stand for nothing any more. */
  readonly first: number;
  readonly things: readonly unknown[];
}

/** The sender's side. */
export class Numbering {
  readonly #numbers = new Map<unknown, number>();
  #first = 0;
  #things: unknown[] = [];

  /** From 0 up; -1 for undefined. */
  of(thing: unknown): number {
    if (thing === undefined) return -1;
    let number = this.#numbers.get(thing);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(thing, number);
      this.#things.push(thing);
    }
    return number;
  }

  /** What was numbered since the last time, to be sent before or with the numbers. */
  take(): NewReferences {
    const taken = { first: this.#first, things: this.#things };
    if (this.#numbers.size >= CAPACITY) this.#numbers.clear();
    this.#first = this.#numbers.size;
    this.#things = [];
    return taken;
  }
}

/** The receiver's side. Who sends may be another one at any time, whose numbers begin anew. */
export class References {
  readonly #things: unknown[] = [];

  add({ first, things }: NewReferences): void {
    this.#things.length = first;
    for (const thing of things) this.#things.push(thing);
  }

  /** What a number stands for; it is the caller who knows its type. */
  find(number: number): unknown {
    return number < 0 ? undefined : this.#things[number];
  }
}
