import type { MapDelta } from "./map-delta.ts";
import { word, type Rows } from "./rows.ts";

/** Where names have their rows: {@link Slots} in the main thread, in a worker the map that came with its plan. */
export interface RowDirectory {
  /** The row of a name that a plan of this and later versions counts by. Throws where it has none and none can be made. */
  take(name: string): number;
  /** Says that one who took it does so no more, from a version on. */
  drop(name: string, version: number): void;
}

/**
 * Which row is whose: names to numbers, for the main thread alone. A row whose name is no longer in any plan is handed out again only when every worker has let go of the plans that
 * named it and nothing is counted on it, so that no two names ever count on one row.
 */
export class Slots implements RowDirectory {
  readonly #rows: Rows;
  readonly #now: () => number;
  readonly #byName = new Map<string, { readonly row: number; takers: number }>();
  /** Names that no plan has any more, and the first version without them. */
  readonly #leaving = new Map<string, number>();
  readonly #free: number[] = [];
  /** Row 0 is the pod's own. */
  #next = 1;
  #deleted: string[] = [];
  #set: (readonly [string, number])[] = [];

  /** @param now - {@link processTime}, or a test's own */
  constructor(rows: Rows, now: () => number) {
    this.#rows = rows;
    this.#now = now;
  }

  /** The row that a name has, or a clean one. */
  take(name: string): number {
    const known = this.#byName.get(name);
    if (known !== undefined) {
      known.takers++;
      this.#leaving.delete(name);
      return known.row;
    }
    const row = this.#free.pop() ?? this.#next++;
    if (row >= this.#rows.capacity) {
      throw new RangeError(`Cannot count ${name} as ${this.#rows.capacity - 1} names are the most`);
    }
    this.#rows.clear(row, this.#now());
    this.#byName.set(name, { row, takers: 1 });
    this.#set.push([name, row]);
    return row;
  }

  drop(name: string, version: number): void {
    const known = this.#byName.get(name);
    if (known !== undefined && --known.takers === 0) this.#leaving.set(name, version);
  }

  /** The row of a name; undefined: it has none. */
  find(name: string): number | undefined {
    return this.#byName.get(name)?.row;
  }

  /** Says that every worker has the plan of this version or a later one; to be called now and then, as counts go down in between. */
  acknowledged(version: number): void {
    for (const [name, since] of this.#leaving) {
      const row = this.find(name) as number;
      if (since > version || this.#rows.get(row, word.count) !== 0) continue;
      this.#leaving.delete(name);
      this.#byName.delete(name);
      this.#free.push(row);
      this.#deleted.push(name);
    }
  }

  /** What has changed since the last call, for workers that know the rest. */
  changes(): MapDelta<number> {
    const changes = { deleted: this.#deleted, set: this.#set };
    this.#deleted = [];
    this.#set = [];
    return changes;
  }

  /** All names with their rows, for a worker that knows none. */
  entries(): (readonly [name: string, row: number])[] {
    return Array.from(this.#byName, ([name, { row }]) => [name, row] as const);
  }

  get size(): number {
    return this.#byName.size;
  }
}
