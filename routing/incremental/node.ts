interface Reader {
  mark(state: "doubtful" | "stale"): void;
}

/** Something that units of work read: a look-up in the objects, or another unit's result. */
export class Source {
  /** One alone is not worth a set. */
  #readers: Reader | Set<Reader> | undefined;
  /** Called when nobody reads it any more. */
  unread: (() => void) | undefined;

  constructor(unread?: () => void) {
    this.unread = unread;
  }

  /** Marks whoever has read it. */
  changed(): void {
    this.#mark("stale");
  }

  /** Marks whoever has read it, as it may turn out to have changed. */
  protected doubted(): void {
    this.#mark("doubtful");
  }

  #mark(state: "doubtful" | "stale"): void {
    if (this.#readers instanceof Set) for (const reader of this.#readers) reader.mark(state);
    else this.#readers?.mark(state);
  }

  /** Brings it up to date. */
  refresh(): void {
    // What is read of the objects always is.
  }

  addReader(reader: Reader): void {
    if (this.#readers instanceof Set) this.#readers.add(reader);
    else if (this.#readers === undefined) this.#readers = reader;
    else if (this.#readers !== reader) this.#readers = new Set([this.#readers, reader]);
  }

  removeReader(reader: Reader): void {
    if (this.#readers instanceof Set) {
      this.#readers.delete(reader);
      if (this.#readers.size > 0) return;
    } else if (this.#readers !== reader) return;
    this.#readers = undefined;
    this.unread?.();
  }
}

/** `fresh`: holds; `doubtful`: something that it has read may have changed; `stale`: something has; `running`: being worked out. */
type State = "fresh" | "doubtful" | "stale" | "running";

/** A unit of work with its result. */
export class Node<Value> extends Source implements Reader {
  readonly #run: (reads: Set<Source>) => Value;
  readonly #reuse: (previous: Value | undefined, next: Value) => Value;
  readonly #marked: (() => void) | undefined;
  #state: State = "stale";
  #value: Value | undefined;
  #reads: readonly Source[] = [];

  /**
   * @param run - works the result out, and notes what it reads
   * @param reuse - gives the previous result for one that says the same
   * @param marked - told when the result may no longer hold
   */
  constructor(
    run: (reads: Set<Source>) => Value,
    reuse: (previous: Value | undefined, next: Value) => Value,
    marked?: () => void,
  ) {
    super();
    this.#run = run;
    this.#reuse = reuse;
    this.#marked = marked;
  }

  /** The result for the objects as they are now. */
  get value(): Value {
    this.refresh();
    return this.#value as Value;
  }

  /** Whether nothing that others change can make another result. */
  get readsNothing(): boolean {
    return this.#reads.length === 0;
  }

  mark(state: "doubtful" | "stale"): void {
    const before = this.#state;
    if (before === "stale" || before === "running" || before === state) return;
    this.#state = state;
    if (before !== "fresh") return;
    this.#marked?.();
    this.doubted();
  }

  override refresh(): void {
    if (this.#state === "fresh") return;
    if (this.#state === "running") throw new Error("Cannot work out a result that depends on itself");
    if (this.#state === "doubtful") this.#check();
    if (this.#state === "stale") this.#work();
    this.#state = "fresh";
  }

  /** Takes it out of the graph: nothing marks it any more. */
  dispose(): void {
    for (const source of this.#reads) source.removeReader(this);
    this.#reads = [];
  }

  /** A source that turns out to have changed marks this one as stale. */
  #check(): void {
    for (const source of this.#reads) {
      source.refresh();
      if (this.#state !== "doubtful") return;
    }
  }

  #work(): void {
    this.#state = "running";
    const reads = new Set<Source>();
    let next: Value;
    try {
      next = this.#run(reads);
    } catch (error) {
      this.#state = "stale";
      throw error;
    }
    for (const source of reads) source.addReader(this);
    for (const source of this.#reads) if (!reads.has(source)) source.removeReader(this);
    this.#reads = [...reads];
    const value = this.#reuse(this.#value, next);
    if (value === this.#value) return;
    this.#value = value;
    this.changed();
  }
}
