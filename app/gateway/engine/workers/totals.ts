/** Totals of all workers together, in memory that they share; structured clones of it are the same memory. */
export interface SharedTotals {
  readonly memory: SharedArrayBuffer;
  readonly workers: number;
}

const names = ["accepted", "downstreamPauses", "upstreamPauses", "active"] as const;

/** `active`: milliseconds in which a worker was not waiting for something to do, as far as it counts them itself. */
export type Total = (typeof names)[number];

/** Doubles of a worker: a cache line, so that two workers' counts do not slow each other. */
const WORDS = 8;

export function createTotals(workers: number): SharedTotals {
  return { memory: new SharedArrayBuffer(workers * WORDS * Float64Array.BYTES_PER_ELEMENT), workers };
}

/** A worker's totals, as it alone counts them and as everyone may read them. */
export class Totals {
  readonly #values: Float64Array<SharedArrayBuffer>;
  readonly #worker: number;
  readonly #workers: number;

  constructor({ memory, workers }: SharedTotals, worker: number) {
    this.#values = new Float64Array(memory, worker * WORDS * Float64Array.BYTES_PER_ELEMENT, WORDS);
    this.#worker = worker;
    this.#workers = workers;
  }

  count(total: Total, amount = 1): void {
    this.set(total, this.read(total) + amount);
  }

  set(total: Total, value: number): void {
    this.#values[names.indexOf(total)] = value;
  }

  read(total: Total): number {
    return this.#values[names.indexOf(total)] as number;
  }

  /** The number of the connection that is accepted next, which no other one of any worker has: from 1 up. */
  nextId(): number {
    return this.read("accepted") * this.#workers + this.#worker + 1;
  }
}
