/** Milliseconds that a series outlives what it is about, so that its last values are scraped, and a restart of what it is about goes on with it. */
const RETENTION = 10 * 60_000;

/** Bounds how many series there are: tells what has long been gone. */
export class Retention<Name> {
  /** When what is known was seen to be gone. */
  readonly #known = new Map<Name, number | undefined>();

  /** There are series about it. */
  seen(name: Name): void {
    if (!this.#known.has(name)) this.#known.set(name, undefined);
  }

  /**
   * Gives, and forgets, those that have been gone for all of the time.
   *
   * @param now - milliseconds
   */
  expired(there: (name: Name) => boolean, now: number): readonly Name[] {
    const expired: Name[] = [];
    for (const [name, goneAt] of this.#known) {
      if (there(name)) this.#known.set(name, undefined);
      else if (goneAt === undefined) this.#known.set(name, now);
      else if (now - goneAt >= RETENTION) expired.push(name);
    }
    for (const name of expired) this.#known.delete(name);
    return expired;
  }
}
