import { grown } from "./columns.ts";

/** Milliseconds of a bucket. A deadline is met in its bucket or later, never before. */
const TICK = 8;

/** One round is 32 s; who is due in a later round stays in the bucket until then. */
const BUCKETS = 4096;

/** Buckets that are looked at for the next deadline: whoever waits longer asks again. */
const HORIZON = 128;

const NOBODY = -1;

/** One deadline for each slot, at the price of a few numbers: a hashed timing wheel (Varghese and Lauck, scheme 6), whose lists are links between slots. */
export class Wheel {
  readonly #heads = new Int32Array(BUCKETS).fill(NOBODY);
  #next = new Int32Array(0);
  #previous = new Int32Array(0);
  #bucket = new Int32Array(0);
  #deadline = new Float64Array(0);
  /** Up to which tick everything is done. */
  #tick: number;
  /** No bucket before this tick has anybody. */
  #soonest = Infinity;
  #count = 0;
  readonly #due: number[] = [];

  /** @param now - milliseconds, as all other times */
  constructor(now: number) {
    this.#tick = Math.floor(now / TICK);
  }

  /** Sets the slot's deadline, which replaces the one that it has. */
  set(slot: number, deadline: number): void {
    this.clear(slot);
    if (slot >= this.#bucket.length) this.#grow(slot);
    const tick = Math.max(Math.ceil(deadline / TICK), this.#tick + 1);
    const bucket = tick % BUCKETS;
    const head = this.#heads[bucket] as number;
    this.#deadline[slot] = deadline;
    this.#bucket[slot] = bucket;
    this.#next[slot] = head;
    this.#previous[slot] = NOBODY;
    if (head !== NOBODY) this.#previous[head] = slot;
    this.#heads[bucket] = slot;
    this.#count++;
    if (tick < this.#soonest) this.#soonest = tick;
  }

  /** The slot has no deadline any more. */
  clear(slot: number): void {
    const bucket = this.#bucket[slot] ?? NOBODY;
    if (bucket === NOBODY) return;
    const next = this.#next[slot] as number;
    const previous = this.#previous[slot] as number;
    if (next !== NOBODY) this.#previous[next] = previous;
    if (previous === NOBODY) this.#heads[bucket] = next;
    else this.#next[previous] = next;
    this.#bucket[slot] = NOBODY;
    this.#count--;
  }

  /** When {@link expire} may have something to do next; Infinity: nobody has a deadline. */
  get next(): number {
    return this.#count === 0 ? Infinity : this.#soonest * TICK;
  }

  /** Tells whose deadline has passed; it has none then. */
  expire(now: number, due: (slot: number) => void): void {
    const tick = Math.floor(now / TICK);
    if (tick < this.#soonest) {
      this.#tick = Math.max(this.#tick, tick);
      return;
    }
    const last = Math.min(tick, this.#tick + BUCKETS);
    const passed = this.#due;
    for (let at = this.#tick + 1; at <= last; at++) {
      for (let slot = this.#heads[at % BUCKETS] as number; slot !== NOBODY; slot = this.#next[slot] as number) {
        if ((this.#deadline[slot] as number) <= now) passed.push(slot);
      }
    }
    this.#tick = tick;
    this.#soonest = this.#findSoonest();
    // Whoever is told may change the lists.
    for (const slot of passed) this.clear(slot);
    for (const slot of passed) due(slot);
    passed.length = 0;
  }

  #findSoonest(): number {
    for (let at = this.#tick + 1; at <= this.#tick + HORIZON; at++) {
      if (this.#heads[at % BUCKETS] !== NOBODY) return at;
    }
    return this.#tick + HORIZON;
  }

  #grow(slot: number): void {
    const capacity = Math.max(1024, 2 * slot);
    const before = this.#bucket.length;
    this.#next = grown(this.#next, capacity);
    this.#previous = grown(this.#previous, capacity);
    this.#deadline = grown(this.#deadline, capacity);
    this.#bucket = grown(this.#bucket, capacity).fill(NOBODY, before);
  }
}
