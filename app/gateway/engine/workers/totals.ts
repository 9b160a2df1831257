/** Totals of all workers together, in memory that they share; structured clones of it are the same memory. */
export type SharedTotals = SharedArrayBuffer;

const names = ["accepted", "downstreamPauses", "upstreamPauses"] as const;

export type Total = (typeof names)[number];

/** Before the workers' own totals: how many connections have a number. */
const LAST_ID = 0;
const HEADER = 1;

export function createTotals(workers: number): SharedTotals {
  return new SharedArrayBuffer((HEADER + workers * names.length) * BigInt64Array.BYTES_PER_ELEMENT);
}

/** A worker's totals, as it counts them and as everyone may read them. */
export class Totals {
  readonly #values: BigInt64Array<SharedArrayBuffer>;
  readonly #first: number;

  constructor(totals: SharedTotals, worker: number) {
    this.#values = new BigInt64Array(totals);
    this.#first = HEADER + worker * names.length;
  }

  count(total: Total): void {
    Atomics.add(this.#values, this.#first + names.indexOf(total), 1n);
  }

  read(total: Total): number {
    return Number(Atomics.load(this.#values, this.#first + names.indexOf(total)));
  }

  /** A number that no other connection of any worker has, from 1 up. */
  nextId(): number {
    return Number(Atomics.add(this.#values, LAST_ID, 1n)) + 1;
  }
}
