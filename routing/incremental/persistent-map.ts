/** Entries that one bucket holds when a map is made; an edit copies the buckets that it touches and the list of buckets, nothing else. */
const bucketSize = 32;

type Bucket<V> = ReadonlyMap<string, V>;

/** An immutable map whose versions share what they have in common: an edit costs about what it changes, and so does a comparison of two versions. */
export class PersistentMap<V> {
  readonly #buckets: readonly (Bucket<V> | undefined)[];
  readonly size: number;

  private constructor(buckets: readonly (Bucket<V> | undefined)[], size: number) {
    this.#buckets = buckets;
    this.size = size;
  }

  static of<V>(entries: Iterable<readonly [string, V]>): PersistentMap<V> {
    const all = new Map(entries);
    let count = 1;
    while (count * bucketSize < all.size) count *= 2;
    const buckets: (Map<string, V> | undefined)[] = Array.from({ length: count }, () => undefined);
    for (const [key, value] of all) {
      const at = hash(key) & (count - 1);
      const bucket = (buckets[at] ??= new Map());
      bucket.set(key, value);
    }
    return new PersistentMap(buckets, all.size);
  }

  get(key: string): V | undefined {
    return this.#buckets[hash(key) & (this.#buckets.length - 1)]?.get(key);
  }

  /** A map with these entries changed; undefined takes one out. */
  with(changes: Iterable<readonly [string, V | undefined]>): PersistentMap<V> {
    const buckets = [...this.#buckets];
    const copied = new Map<number, Map<string, V>>();
    let size = this.size;
    for (const [key, value] of changes) {
      const at = hash(key) & (buckets.length - 1);
      let bucket = copied.get(at);
      if (bucket === undefined) {
        bucket = new Map(buckets[at]);
        copied.set(at, bucket);
        buckets[at] = bucket;
      }
      size -= bucket.size;
      if (value === undefined) bucket.delete(key);
      else bucket.set(key, value);
      size += bucket.size;
    }
    const next = new PersistentMap(buckets, size);
    return size > buckets.length * bucketSize * 4 ? PersistentMap.of(next) : next;
  }

  /** The keys under which two maps hold something else. */
  *differences(other: PersistentMap<V>): Generator<string> {
    if (this.#buckets.length !== other.#buckets.length) {
      yield* differing(this, other);
      return;
    }
    for (const [at, bucket] of this.#buckets.entries()) {
      const theirs = other.#buckets[at];
      if (bucket !== theirs) yield* differing(bucket ?? new Map<string, V>(), theirs ?? new Map<string, V>());
    }
  }

  *[Symbol.iterator](): Generator<readonly [string, V]> {
    for (const bucket of this.#buckets) if (bucket !== undefined) yield* bucket;
  }
}

interface Readable<V> extends Iterable<readonly [string, V]> {
  get(key: string): V | undefined;
}

function* differing<V>(a: Readable<V>, b: Readable<V>): Generator<string> {
  for (const [key, value] of a) if (b.get(key) !== value) yield key;
  for (const [key] of b) if (a.get(key) === undefined) yield key;
}

/** FNV-1a over UTF-16 code units. */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193);
  return value ^ (value >>> 15);
}
