import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";
import type { EngineObserver } from "../engine/engine.ts";
import { responseFlags, type Connection } from "../engine/record.ts";
import { phases } from "../drain.ts";
import type { Gateway } from "../gateway.ts";
import type { StatusCounters } from "../status/writer.ts";
import { istioLabelNames, istioLabels, type Identity } from "./istio-labels.ts";

export interface Metrics {
  /** To be told what the engine does. */
  readonly observer: EngineObserver;
  /** Counts a change of declarations that was refused, in whole or in part. */
  configRejected(): void;
  /** Counts writes of the status of routing objects. */
  readonly status: StatusCounters;
  /** Whether this pod leads its gateway's pods is read at each scrape. */
  leading(read: () => boolean): void;
  /** The Prometheus text format. */
  scrape(): Promise<{ readonly contentType: string; readonly body: string }>;
  /** Gauges are read from it at each scrape. */
  watch(gateway: Gateway): void;
}

/** Metrics of one gateway: Istio's names where it has one, else `tcp_ingress_…`. */
export function createMetrics(identity: Identity): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  let gateway: Gateway | undefined;

  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const opened = counter("istio_tcp_connections_opened_total", "Connections opened", istioLabelNames);
  const closed = counter("istio_tcp_connections_closed_total", "Connections closed", istioLabelNames);
  const sent = counter("istio_tcp_sent_bytes_total", "Bytes sent to clients", istioLabelNames);
  const received = counter("istio_tcp_received_bytes_total", "Bytes received from clients", istioLabelNames);
  const accepted = counter(
    "tcp_ingress_listener_connections_total",
    "Connections that a listener took and that are over, by why they ended",
    ["listener", "response_flags", "reason"],
  );
  const connectFailures = counter(
    "tcp_ingress_upstream_connect_failures_total",
    "Endpoints that did not answer; another may have",
    ["cluster"],
  );
  const workerFaults = counter(
    "tcp_ingress_worker_faults_total",
    "Mistakes of the program that workers met; fatal ones ended the worker with its connections",
    ["worker", "fatal"],
  );
  const acceptFailures = counter(
    "tcp_ingress_accept_failures_total",
    "Connections that the kernel had and could not hand over, such as for want of file descriptors",
    [],
  );
  const rejected = counter(
    "tcp_ingress_config_rejected_total",
    "Changes of declarations that were refused, in whole or in part",
    [],
  );

  const statusWrites = counter(
    "tcp_ingress_status_writes_total",
    "Writes of the status of routing objects, by result",
    ["result"],
  );
  let readLeading = (): boolean => false;
  new Gauge({
    name: "tcp_ingress_status_leader",
    help: "1 for the pod that writes the status of routing objects, 0 for the others",
    registers: [registry],
    collect() {
      this.set(readLeading() ? 1 : 0);
    },
  });

  /** What was counted already of connections that are still open. */
  const counted = new Map<number, { sent: number; received: number }>();
  const countBytes = (connection: Connection, flag: string): void => {
    const before = counted.get(connection.id) ?? { sent: 0, received: 0 };
    const labels = istioLabels(identity, connection, flag);
    sent.inc(labels, connection.bytesSent - before.sent);
    received.inc(labels, connection.bytesReceived - before.received);
    counted.set(connection.id, { sent: connection.bytesSent, received: connection.bytesReceived });
  };

  const gauge = (
    name: string,
    help: string,
    read: (gateway: Gateway, gauge: Gauge) => void,
    labelNames: string[] = [],
  ): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        if (gateway !== undefined) read(gateway, this);
      },
    });
  };
  gauge("tcp_ingress_connections", "Connections that are open", ({ engine }, self) => self.set(engine.connectionCount));
  gauge(
    "tcp_ingress_cluster_connections",
    "Connections that are open, by cluster",
    ({ config, engine }, self) => {
      for (const name of config?.snapshot.table.clusters.keys() ?? []) self.set({ cluster: name }, engine.active(name));
    },
    ["cluster"],
  );
  gauge(
    "tcp_ingress_cluster_endpoints",
    "Endpoints by cluster",
    ({ config }, self) => {
      for (const [cluster, endpoints] of config?.snapshot.endpoints ?? []) self.set({ cluster }, endpoints.length);
    },
    ["cluster"],
  );
  gauge(
    "tcp_ingress_listener_open",
    "1 for a listener that is open, 0 for one that is not",
    ({ engine }, self) => {
      for (const { listener, state } of engine.listeners())
        self.set({ listener: listener.port }, state === "open" ? 1 : 0);
    },
    ["listener"],
  );
  gauge("tcp_ingress_config_version", "Version of the snapshot that is served", ({ config }, self) => {
    if (config !== undefined) self.set(config.snapshot.version);
  });
  gauge("tcp_ingress_config_applied_timestamp_seconds", "When that snapshot was applied", ({ config }, self) => {
    if (config !== undefined) self.set(config.appliedAt.getTime() / 1000);
  });
  gauge("tcp_ingress_draining", "1 while the gateway is being taken out of service", ({ phase }, self) =>
    self.set(phase === "grace" || phase === "draining" ? 1 : 0),
  );
  gauge(
    "tcp_ingress_phase",
    "1 for the phase of its life that the gateway is in",
    ({ phase }, self) => {
      for (const each of phases) self.set({ phase: each }, each === phase ? 1 : 0);
    },
    ["phase"],
  );
  gauge(
    "tcp_ingress_phase_remaining_seconds",
    "Seconds until that phase is over at the latest; 0 where it has no end",
    ({ phaseRemaining = 0 }, self) => self.set(phaseRemaining / 1000),
  );

  const total = (name: string, help: string, read: (gateway: Gateway) => number): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        if (gateway !== undefined) this.inc(read(gateway));
      },
    });
  };
  total(
    "tcp_ingress_downstream_pauses_total",
    "Times that a client was not read as its upstream did not take more",
    ({ engine }) => engine.counters.downstreamPauses,
  );
  total(
    "tcp_ingress_upstream_pauses_total",
    "Times that an upstream was not read as its client did not take more",
    ({ engine }) => engine.counters.upstreamPauses,
  );
  total(
    "tcp_ingress_access_log_dropped_total",
    "Access log lines that nobody took in time",
    ({ accessLog }) => accessLog.dropped,
  );

  return {
    observer: {
      connectionOpened: (connection) => opened.inc(istioLabels(identity, connection, "-")),
      connectFailed: (connection) => connectFailures.inc({ cluster: connection.cluster?.name ?? "" }),
      workerFailed: ({ worker, lost }) => workerFaults.inc({ worker, fatal: String(lost !== undefined) }),
      acceptFailed: () => acceptFailures.inc(),
      connectionClosed: (record) => {
        const flag = responseFlags[record.reason];
        if (record.connectDuration === undefined) opened.inc(istioLabels(identity, record, flag));
        closed.inc(istioLabels(identity, record, flag));
        countBytes(record, flag);
        counted.delete(record.id);
        accepted.inc({ listener: record.listener, response_flags: flag, reason: record.reason });
      },
    },
    configRejected: () => rejected.inc(),
    status: {
      written: () => statusWrites.inc({ result: "written" }),
      conflicted: () => statusWrites.inc({ result: "conflict" }),
      failed: () => statusWrites.inc({ result: "failed" }),
    },
    leading: (read) => (readLeading = read),
    async scrape() {
      for (const connection of (await gateway?.engine.connections()) ?? []) countBytes(connection, "-");
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
    watch: (watched) => (gateway = watched),
  };
}
