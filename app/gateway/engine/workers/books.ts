import { References } from "./references.ts";
import { Totals, type SharedTotals } from "./totals.ts";

/** What the main thread keeps of a worker, and of those that had its seat before. */
export class WorkerBooks {
  readonly totals: Totals;
  /** What its rows speak of. */
  readonly references = new References();
  /** Connections that were told to be over, or are lost. */
  #over = 0;

  constructor(totals: SharedTotals, worker: number) {
    this.totals = new Totals(totals, worker);
  }

  /** Connections that are not known to be over. */
  get open(): number {
    return this.totals.read("accepted") - this.#over;
  }

  closed(count = 1): void {
    this.#over += count;
  }
}
