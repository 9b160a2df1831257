/**
 * Counts and states that belong to the whole pod, in memory that its worker threads share. Each name that a plan counts by (a listener, a cluster, an endpoint, a rule's weights) has
 * a row; the main thread hands out rows (slots.ts), workers get their numbers with the plan. Every change is one atomic step, so nobody waits, and a worker that dies in the middle
 * leaves nothing locked.
 */

/** Structured clones of it (`workerData`, `postMessage`) are the same memory. */
export interface SharedRows {
  readonly memory: SharedArrayBuffer;
  /** How much of each count each worker holds. */
  readonly holdings: SharedArrayBuffer;
  readonly capacity: number;
  readonly workers: number;
}

/** Bytes of a row: a cache line, so that two workers' counts do not slow each other. */
const ROW = 64;
const WORDS = ROW / 4;
const TIMES = ROW / 8;

/** Words of a row. */
export const word = {
  /** How many are in use. */
  count: 0,
  /** Turns taken. */
  position: 1,
  /** Failures in a row. */
  failures: 2,
  /** Ejections in a row, less one for each healthy interval since. */
  ejections: 3,
  /** 1: left out by outlier detection. */
  ejected: 4,
  /** 1: left out by active checks. */
  unhealthy: 5,
  /** Changes of health anywhere; of the pod's own row. */
  epoch: 6,
  /** Open connections that there may be; of the pod's own row. */
  limit: 7,
  /** 1: the pod has too little memory for new connections; of the pod's own row. */
  overloaded: 8,
} as const;

/** Doubles of a row, behind its words; times are {@link processTime}'s. */
export const time = {
  /** When an ejection ends. */
  ejectedUntil: 6,
  /** When the row was handed out. */
  since: 7,
} as const;

type Word = (typeof word)[keyof typeof word];
type Time = (typeof time)[keyof typeof time];

/** The first row is the pod's own: its count is that of all open connections. */
export const POD_ROW = 0;

/** Milliseconds that all threads of the process agree on, as `performance.now()` does not: it starts with each thread. */
export function processTime(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/**
 * @param workers - how many will ever hold counts at once
 * @param capacity - rows; memory is only used by those that are
 */
export function createSharedRows(workers: number, capacity = 1_048_576): SharedRows {
  return {
    memory: new SharedArrayBuffer(capacity * ROW),
    holdings: new SharedArrayBuffer(capacity * workers * 4),
    capacity,
    workers,
  };
}

/** One thread's view of the rows. */
export class Rows {
  readonly capacity: number;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #times: Float64Array<SharedArrayBuffer>;
  readonly #holdings: readonly Int32Array<SharedArrayBuffer>[];
  readonly #own: Int32Array<SharedArrayBuffer>;

  /** @param worker - from 0 up: whose connections this thread's counts are */
  constructor({ memory, holdings, capacity, workers }: SharedRows, worker: number) {
    this.capacity = capacity;
    this.#words = new Int32Array(memory);
    this.#times = new Float64Array(memory);
    this.#holdings = Array.from(
      { length: workers },
      (_, index) => new Int32Array(holdings, index * capacity * 4, capacity),
    );
    const own = this.#holdings[worker];
    if (own === undefined) throw new RangeError(`Cannot count for worker ${worker} as there are ${workers}`);
    this.#own = own;
  }

  get(row: number, field: Word): number {
    return Atomics.load(this.#words, row * WORDS + field);
  }

  set(row: number, field: Word, value: number): void {
    Atomics.store(this.#words, row * WORDS + field, value);
  }

  /** Adds and gives the sum. */
  add(row: number, field: Word, value: number): number {
    return Atomics.add(this.#words, row * WORDS + field, value) + value;
  }

  /** Sets a field if it is as expected, and says whether it was. */
  exchange(row: number, field: Word, expected: number, value: number): boolean {
    return Atomics.compareExchange(this.#words, row * WORDS + field, expected, value) === expected;
  }

  /** A time is written before the word that tells of it, and read behind it. */
  time(row: number, field: Time): number {
    return this.#times[row * TIMES + field] as number;
  }

  setTime(row: number, field: Time, value: number): void {
    this.#times[row * TIMES + field] = value;
  }

  /** Counts one more unless there are `limit`. */
  addBelow(row: number, limit: number): boolean {
    for (let value = this.get(row, word.count); value < limit; value = this.get(row, word.count)) {
      if (this.exchange(row, word.count, value, value + 1)) return true;
    }
    return false;
  }

  /** As {@link addBelow}, for this worker: what it holds when it dies is given back by {@link forfeit}. */
  acquire(row: number, limit: number): boolean {
    if (!this.addBelow(row, limit)) return false;
    Atomics.add(this.#own, row, 1);
    return true;
  }

  release(row: number): void {
    Atomics.sub(this.#own, row, 1);
    this.add(row, word.count, -1);
  }

  /** Gives back all that a worker held that is no more. For the main thread. */
  forfeit(worker: number): void {
    const held = this.#holdings[worker];
    if (held === undefined) return;
    for (let row = 0; row < this.capacity; row++) {
      const count = Atomics.exchange(held, row, 0);
      if (count !== 0) this.add(row, word.count, -count);
    }
  }

  /** Makes a row as new. */
  clear(row: number, now: number): void {
    for (const field of Object.values(word)) this.set(row, field, 0);
    this.setTime(row, time.ejectedUntil, 0);
    this.setTime(row, time.since, now);
  }

  /** Changes whenever an endpoint was left out or taken in again: what was worked out from health holds as long as this is the same. */
  get epoch(): number {
    return this.get(POD_ROW, word.epoch);
  }

  healthChanged(): void {
    this.add(POD_ROW, word.epoch, 1);
  }
}
