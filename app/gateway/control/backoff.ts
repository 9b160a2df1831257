/** Milliseconds of the first delay, and of the longest. */
const FIRST = 200;
const LONGEST = 30_000;

/** How long to wait after one failure more: twice as long each time, half of it by chance so that not all gateways come back at once. */
export class Backoff {
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Milliseconds. */
  next(): number {
    const delay = Math.min(FIRST * 2 ** this.#failures, LONGEST);
    this.#failures++;
    return delay * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
