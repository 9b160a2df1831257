import type { EngineObserver } from "../engine/engine.ts";
import type { Gateway } from "../gateway.ts";
import type { StatusCounters } from "../status/writer.ts";
import { countEvents } from "./metrics/events.ts";
import { Instruments, type MetricDescription } from "./metrics/instruments.ts";
import type { Identity } from "./metrics/istio-labels.ts";
import { readState } from "./metrics/state.ts";
import { Tally } from "./metrics/tally.ts";

export interface Metrics {
  /** To be told what the engine does. */
  readonly observer: EngineObserver;
  /** Counts a change of declarations that was refused, in whole or in part. */
  configRejected(): void;
  /** Counts writes of the status of routing objects. */
  readonly status: StatusCounters;
  /** Whether this pod leads its gateway's pods is read at each scrape. */
  leading(read: () => boolean): void;
  /** All but those of Node.js and the process. */
  readonly descriptions: readonly MetricDescription[];
  /** The Prometheus text format. */
  scrape(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** Gauges are read from it at each scrape. */
  watch(gateway: Gateway): void;
}

export interface MetricsOptions {
  /** Whether each endpoint has series of its own; true by default. */
  readonly endpoints?: boolean;
  /** Milliseconds that never go back. */
  readonly now?: () => number;
}

/** Metrics of one gateway: Istio's names where it has one, else `tcp_ingress_…`. */
export function createMetrics(
  identity: Identity,
  { endpoints = true, now = () => performance.now() }: MetricsOptions = {},
): Metrics {
  const instruments = new Instruments();
  let gateway: Gateway | undefined;
  let readLeading = (): boolean => false;
  const events = countEvents(instruments, identity);
  readState(instruments, () => gateway, endpoints);

  let rejected = 0;
  instruments.counter(
    "tcp_ingress_config_rejected_total",
    "Changes of declarations that were refused, in whole or in part",
    [],
    (put) => put({}, rejected),
  );
  const statusWrites = new Tally(["result"]);
  instruments.counter(
    "tcp_ingress_status_writes_total",
    "Writes of the status of routing objects, by result: written, conflict or failed",
    ["result"],
    (put) => statusWrites.read(put),
  );
  instruments.gauge(
    "tcp_ingress_status_leader",
    "1 for the pod that writes the status of routing objects, 0 for the others",
    [],
    (put) => put({}, readLeading() ? 1 : 0),
  );

  return {
    observer: events.observer,
    configRejected: () => rejected++,
    status: {
      written: () => statusWrites.add(["written"]),
      conflicted: () => statusWrites.add(["conflict"]),
      failed: () => statusWrites.add(["failed"]),
    },
    leading: (read) => (readLeading = read),
    get descriptions() {
      return instruments.descriptions;
    },
    async scrape() {
      if (gateway !== undefined) {
        const { engine, config } = gateway;
        events.moved(await engine.transfers());
        const ports = new Set(engine.listeners().map(({ listener }) => listener.port));
        const cluster = (name: string): boolean =>
          config?.snapshot.table.clusters.has(name) === true || engine.active(name) > 0;
        events.prune({ cluster, listener: (port) => ports.has(port) }, now());
      }
      return instruments.scrape();
    },
    watch: (watched) => (gateway = watched),
  };
}
