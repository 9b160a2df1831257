import { Histogram } from "prom-client";
import type { PutDistribution } from "./instruments.ts";

/** A histogram whose values are kept elsewhere and read at each scrape: prom-client's own makes a text of the labels for each value that it is told. */
export class ReadHistogram<Label extends string> extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #read: (put: PutDistribution<Label>) => void;

  constructor(name: string, help: string, labelNames: readonly Label[], read: (put: PutDistribution<Label>) => void) {
    super({ name, help, labelNames, registers: [] });
    this.#name = name;
    this.#help = help;
    this.#read = read;
  }

  /** What a registry asks a metric for, and what {@link Histogram.get} goes by; prom-client's types do not have it. */
  getForPromString(): Promise<unknown> {
    const values: unknown[] = [];
    this.#read((sharedLabels, { bounds, counts, sum }) => {
      const put = (suffix: string, labels: { readonly le?: number | string }, value: number): void => {
        values.push({ metricName: `${this.#name}_${suffix}`, labels, sharedLabels, value });
      };
      let count = 0;
      for (const [place, within] of counts.entries()) put("bucket", { le: bounds[place] ?? "+Inf" }, (count += within));
      put("sum", {}, sum);
      put("count", {}, count);
    });
    return Promise.resolve({ name: this.#name, help: this.#help, type: "histogram", aggregator: "sum", values });
  }
}
