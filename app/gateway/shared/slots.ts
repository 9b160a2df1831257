import { word, type Rows } from "./rows.ts";

/**
 * Which row is whose: names to numbers, for the main thread alone. A row whose name is no longer in any plan is handed out again only when every worker has let go of the plans that
 * named it and nothing is counted on it, so that no two names ever count on one row.
 */
export class Slots {
  readonly #rows: Rows;
  readonly #now: () => number;
  readonly #byName = new Map<string, number>();
  /** Names that no plan has any more, and the first version without them. */
  readonly #leaving = new Map<string, number>();
  readonly #free: number[] = [];
  /** Row 0 is the pod's own. */
  #next = 1;

  /** @param now - {@link processTime}, or a test's own */
  constructor(rows: Rows, now: () => number) {
    this.#rows = rows;
    this.#now = now;
  }

  /** The row of a name: the one that it has, or a clean one. */
  assign(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const row = this.#free.pop() ?? this.#next++;
    if (row >= this.#rows.capacity) {
      throw new RangeError(`Cannot count ${name} as ${this.#rows.capacity - 1} names are the most`);
    }
    this.#rows.clear(row, this.#now());
    this.#byName.set(name, row);
    return row;
  }

  /** The row of a name; undefined: it has none. */
  find(name: string): number | undefined {
    return this.#byName.get(name);
  }

  /** Says which names the plan of a version has: any other is on its way out, one that comes back is not. */
  retain(version: number, names: ReadonlySet<string>): void {
    for (const name of this.#byName.keys()) {
      if (names.has(name)) this.#leaving.delete(name);
      else if (!this.#leaving.has(name)) this.#leaving.set(name, version);
    }
  }

  /** Says that every worker has the plan of this version or a later one; to be called now and then, as counts go down in between. */
  acknowledged(version: number): void {
    for (const [name, since] of this.#leaving) {
      const row = this.#byName.get(name) as number;
      if (since > version || this.#rows.get(row, word.count) !== 0) continue;
      this.#leaving.delete(name);
      this.#byName.delete(name);
      this.#free.push(row);
    }
  }

  /** All names with their rows, for workers. */
  entries(): Map<string, number> {
    return new Map(this.#byName);
  }

  get size(): number {
    return this.#byName.size;
  }
}
