import { randomInt } from "node:crypto";

/** What one client address may do on one listener. */
export interface SourceLimits {
  /** undefined: no limit. */
  readonly maxConnections: number | undefined;
  /** undefined: no limit. */
  readonly rate: { readonly perSecond: number; readonly burst: number } | undefined;
}

/** An admitted client holds `entry`, which is released when its connection ends; {@link untracked} is released in vain. */
export type SourceAdmission =
  | { readonly admitted: true; readonly entry: number }
  | { readonly admitted: false; readonly reason: "connections" | "rate" };

/** Structured clones of it are the same memory. */
export interface SharedSources {
  readonly memory: SharedArrayBuffer;
  readonly holdings: SharedArrayBuffer;
  readonly workers: number;
}

/** The entry of a client for which there was no room. */
export const untracked = -1;

/** Clients that are known at once. Each has 32 bytes, and 4 more for each worker. */
export const MAX_SOURCES = 65_536;

/** An address may be in any of the entries of its set. With a quarter of all entries in use a set is practically never full, with half of them one address in 1,500 has no room. */
const WAYS = 16;
const SETS = MAX_SOURCES / WAYS;

/** Words of an entry: the address, the listener (0: free), open connections; behind them a double, when its bucket is full again. */
const ENTRY = 8;
const KEY = 4;
const SCOPE = 4;
const COUNT = 5;
const FULL_AT = 3;

/** Words before the entries: a lock for each set, then what is the table's own. */
const SEED = SETS;
const EVICTED = SETS + 1;
const UNTRACKED = SETS + 2;
const ENTRIES = SETS + 8;

/** Milliseconds by which rounding may be off. */
const EPSILON = 1e-3;

/** Tries before a thread sleeps, and how long, while another one is in its set: never longer than a few instructions, unless it was put off the processor. */
const SPINS = 100;
const SLEEP = 1;

export function createSharedSources(workers: number): SharedSources {
  const memory = new SharedArrayBuffer((ENTRIES + MAX_SOURCES * ENTRY) * 4);
  // Nobody outside can know which addresses share a set.
  new Int32Array(memory)[SEED] = randomInt(2 ** 31);
  return { memory, holdings: new SharedArrayBuffer(MAX_SOURCES * workers * 4), workers };
}

/**
 * Connections and their rate by client address, for all workers together, in bounded memory. A bucket is one time (the generic cell rate algorithm, ITU-T I.371): when it will be
 * full again; an address whose bucket is full and that has no connection need not be known. Where a set is full, the address that will be forgotten soonest gives way; where all of a
 * set have connections, a new one is admitted uncounted: a full table must not refuse the innocent.
 */
export class Sources {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #times: Float64Array<SharedArrayBuffer>;
  readonly #holdings: readonly Int32Array<SharedArrayBuffer>[];
  readonly #worker: number;
  readonly #own: Int32Array<SharedArrayBuffer>;

  constructor({ memory, holdings, workers }: SharedSources, worker: number) {
    this.#words = new Int32Array(memory);
    this.#times = new Float64Array(memory, ENTRIES * 4);
    this.#holdings = Array.from(
      { length: workers },
      (_, index) => new Int32Array(holdings, index * MAX_SOURCES * 4, MAX_SOURCES),
    );
    const own = this.#holdings[worker];
    if (own === undefined) throw new RangeError(`Cannot count for worker ${worker} as there are ${workers}`);
    this.#worker = worker;
    this.#own = own;
  }

  /**
   * Admits one more connection, or says what it would exceed.
   *
   * @param scope - the listener's row, 1 or more
   * @param address - eight groups, as `parseAddress` reads them: IPv4 is mapped
   * @param now - `processTime()`
   */
  admit(scope: number, address: Uint16Array, now: number, limits: SourceLimits): SourceAdmission {
    const set = this.#setOf(scope, address);
    this.#lock(set);
    try {
      const entry = this.#claim(set, scope, address, now);
      if (entry === untracked) return { admitted: true, entry };
      const at = ENTRIES + entry * ENTRY;
      const count = this.#words[at + COUNT] as number;
      if (count >= (limits.maxConnections ?? Infinity)) return { admitted: false, reason: "connections" };
      if (limits.rate !== undefined && !this.#take(entry, now, limits.rate)) return { admitted: false, reason: "rate" };
      Atomics.add(this.#words, at + COUNT, 1);
      Atomics.add(this.#own, entry, 1);
      return { admitted: true, entry };
    } finally {
      Atomics.store(this.#words, set, 0);
    }
  }

  release(entry: number): void {
    if (entry === untracked) return;
    Atomics.sub(this.#own, entry, 1);
    Atomics.sub(this.#words, ENTRIES + entry * ENTRY + COUNT, 1);
  }

  /** Gives back what a worker held that is no more, its place in a set included. For the main thread. */
  forfeit(worker: number): void {
    const held = this.#holdings[worker];
    if (held === undefined) return;
    for (let set = 0; set < SETS; set++) Atomics.compareExchange(this.#words, set, worker + 1, 0);
    for (let entry = 0; entry < MAX_SOURCES; entry++) {
      const count = Atomics.exchange(held, entry, 0);
      if (count !== 0) Atomics.sub(this.#words, ENTRIES + entry * ENTRY + COUNT, count);
    }
  }

  /** Addresses that were forgotten before their time, as their set was full. */
  get evicted(): number {
    return Atomics.load(this.#words, EVICTED);
  }

  /** Connections that were admitted uncounted. */
  get untracked(): number {
    return Atomics.load(this.#words, UNTRACKED);
  }

  /** Takes one from an address' bucket; false: it is empty. */
  #take(entry: number, now: number, { perSecond, burst }: NonNullable<SourceLimits["rate"]>): boolean {
    const interval = 1000 / perSecond;
    const at = (entry * ENTRY) / 2 + FULL_AT;
    const fullAt = Math.max(this.#times[at] as number, now);
    if (fullAt - now > (burst - 1) * interval + EPSILON) return false;
    this.#times[at] = fullAt + interval;
    return true;
  }

  /** The address' entry, or one that is made its own. */
  #claim(set: number, scope: number, address: Uint16Array, now: number): number {
    let best = untracked;
    let soonest = Infinity;
    for (let entry = set * WAYS; entry < (set + 1) * WAYS; entry++) {
      const at = ENTRIES + entry * ENTRY;
      if (this.#words[at + SCOPE] === scope && this.#isFor(at, address)) return entry;
      if (this.#words[at + SCOPE] !== 0 && Atomics.load(this.#words, at + COUNT) > 0) continue;
      const fullAt = this.#words[at + SCOPE] === 0 ? -1 : (this.#times[(entry * ENTRY) / 2 + FULL_AT] as number);
      if (fullAt < soonest) [best, soonest] = [entry, fullAt];
    }
    if (best === untracked) {
      Atomics.add(this.#words, UNTRACKED, 1);
      return untracked;
    }
    if (soonest > now) Atomics.add(this.#words, EVICTED, 1);
    const at = ENTRIES + best * ENTRY;
    for (let index = 0; index < KEY; index++) this.#words[at + index] = keyWord(address, index);
    this.#words[at + SCOPE] = scope;
    this.#times[(best * ENTRY) / 2 + FULL_AT] = 0;
    return best;
  }

  #isFor(at: number, address: Uint16Array): boolean {
    for (let index = 0; index < KEY; index++) {
      if (this.#words[at + index] !== keyWord(address, index)) return false;
    }
    return true;
  }

  #setOf(scope: number, address: Uint16Array): number {
    let value = (this.#words[SEED] as number) ^ Math.imul(scope, 0x9e3779b1);
    for (let index = 0; index < KEY; index++) {
      value = Math.imul(value ^ keyWord(address, index), 0x85ebca6b);
      value ^= value >>> 15;
    }
    value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
    return ((value ^ (value >>> 16)) >>> 0) % SETS;
  }

  #lock(set: number): void {
    const mine = this.#worker + 1;
    for (let tries = 0; ; tries++) {
      const holder = Atomics.compareExchange(this.#words, set, 0, mine);
      if (holder === 0) return;
      if (tries >= SPINS) Atomics.wait(this.#words, set, holder, SLEEP);
    }
  }
}

function keyWord(address: Uint16Array, index: number): number {
  return ((address[index * 2] as number) << 16) | (address[index * 2 + 1] as number);
}
