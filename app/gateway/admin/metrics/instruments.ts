import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import { systemReadings } from "../../limits/readings.ts";
import type { Distribution } from "./distribution.ts";
import { ReadHistogram } from "./read-histogram.ts";

type Values<Label extends string> = Readonly<Record<Label, string | number>>;

/** Where a metric's values are put at each scrape. */
export type Put<Label extends string> = (labels: Values<Label>, value: number) => void;

/** Where a histogram's values are put at each scrape. */
export type PutDistribution<Label extends string> = (labels: Values<Label>, distribution: Distribution) => void;

/** What is said of a metric, for people. */
export interface MetricDescription {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  readonly help: string;
}

/** The metrics of one gateway. Values are read where they are kept, at each scrape, so that counting costs no more than an addition. */
export class Instruments {
  readonly #registry = new Registry();
  readonly #descriptions: MetricDescription[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    // prom-client lists them one by one, which takes tens of milliseconds where they are many.
    this.#registry.removeSingleMetric("process_open_fds");
    new Gauge({
      name: "process_open_fds",
      help: "Number of open file descriptors",
      registers: [this.#registry],
      collect() {
        const descriptors = systemReadings.fileDescriptors();
        if (descriptors !== undefined) this.set(descriptors.used);
      },
    });
  }

  /** All but those of Node.js and the process, in the order of their declaration. */
  get descriptions(): readonly MetricDescription[] {
    return this.#descriptions;
  }

  /** What is put for the same labels may only grow. */
  counter<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[],
    read: (put: Put<Label>) => void,
  ): void {
    this.#descriptions.push({ name, type: "counter", labels, help });
    new Counter({
      name,
      help,
      labelNames: labels,
      registers: [this.#registry],
      collect() {
        this.reset();
        read((values, value) => this.inc(values, value));
      },
    });
  }

  gauge<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[],
    read: (put: Put<Label>) => void,
  ): void {
    this.#descriptions.push({ name, type: "gauge", labels, help });
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [this.#registry],
      collect() {
        this.reset();
        read((values, value) => this.set(values, value));
      },
    });
  }

  histogram<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
    read: (put: PutDistribution<Label>) => void,
  ): void {
    this.#descriptions.push({ name, type: "histogram", labels, help });
    this.#registry.registerMetric(new ReadHistogram(name, help, labels, read));
  }

  /** The Prometheus text format. */
  async scrape(): Promise<{ readonly contentType: string; readonly body: string }> {
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}
