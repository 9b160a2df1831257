import type { EngineObserver } from "../../engine/engine.ts";
import { responseFlags, type EndpointTransfer } from "../../engine/record.ts";
import type { HealthEvent } from "../../health/monitor.ts";
import { Distribution } from "./distribution.ts";
import type { Instruments } from "./instruments.ts";
import type { Identity } from "./istio-labels.ts";
import { IstioMetrics } from "./istio.ts";
import { Retention } from "./retention.ts";
import { Tally } from "./tally.ts";

/** Seconds: from the same rack to a handshake that had to be sent again, and again. */
const CONNECT_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What is counted as it happens. */
export interface EventMetrics {
  readonly observer: EngineObserver;
  /** Bytes of connections that are still open. */
  moved(transfers: readonly EndpointTransfer[]): void;
  /** Forgets what has long been gone, so that there are no more series than there is to tell. */
  prune(there: { cluster(name: string): boolean; listener(port: number): boolean }, now: number): void;
}

export function countEvents(instruments: Instruments, identity: Identity): EventMetrics {
  const istio = new IstioMetrics(identity, instruments);
  const clusters = new Retention<string>();
  const listeners = new Retention<number>();

  const tally = <Label extends string>(name: string, help: string, labels: readonly Label[]): Tally<Label> => {
    const cells = new Tally(labels);
    instruments.counter(name, help, labels, (put) => cells.read(put));
    return cells;
  };
  const ended = tally(
    "tcp_ingress_listener_connections_total",
    "Connections that a listener took and that are over, by why they ended: failed handshakes, PROXY headers and limits among them",
    ["listener", "response_flags", "reason"],
  );
  const connectFailures = tally(
    "tcp_ingress_upstream_connect_failures_total",
    "Endpoints that did not answer; another may have",
    ["cluster"],
  );
  const connectDurations = new Map<string, Distribution>();
  instruments.histogram(
    "tcp_ingress_upstream_connect_duration_seconds",
    "How long connecting to an endpoint took, all attempts of a connection together",
    ["cluster"],
    (put) => {
      for (const [cluster, durations] of connectDurations) put({ cluster }, durations);
    },
  );
  const healthChanges = tally(
    "tcp_ingress_endpoint_health_changes_total",
    "Endpoints that were left out or taken in again: ejected and returned by outlier detection, check_failed and check_passed by active checks",
    ["cluster", "change"],
  );
  const workerFaults = tally(
    "tcp_ingress_worker_faults_total",
    "Mistakes of the program that workers met; fatal ones ended the worker with its connections, and another took its place",
    ["worker", "fatal"],
  );
  const lost = tally(
    "tcp_ingress_worker_lost_connections_total",
    "Connections that were gone with a worker that died",
    ["worker"],
  );
  const acceptFailures = tally(
    "tcp_ingress_accept_failures_total",
    "Connections that the kernel had and could not hand over, such as for want of file descriptors",
    [],
  );
  const overloads = new Map<string, boolean>([
    ["file descriptors", false],
    ["memory", false],
  ]);
  instruments.gauge(
    "tcp_ingress_overloaded",
    "1 while new connections are refused as the resource is short",
    ["resource"],
    (put) => {
      for (const [resource, shedding] of overloads) put({ resource: resource.replace(" ", "_") }, shedding ? 1 : 0);
    },
  );

  return {
    observer: {
      connectionOpened(connection) {
        istio.opened(connection);
        const cluster = connection.cluster?.name;
        if (cluster === undefined || connection.connectDuration === undefined) return;
        clusters.seen(cluster);
        let durations = connectDurations.get(cluster);
        if (durations === undefined) connectDurations.set(cluster, (durations = new Distribution(CONNECT_BUCKETS)));
        durations.observe(connection.connectDuration / 1000);
      },
      connectFailed({ cluster }) {
        if (cluster === undefined) return;
        clusters.seen(cluster.name);
        connectFailures.add([cluster.name]);
      },
      connectionClosed(record) {
        const { cluster, listener, reason } = record;
        istio.closed(record);
        if (cluster !== undefined) clusters.seen(cluster.name);
        listeners.seen(listener);
        ended.add([listener, responseFlags[reason], reason]);
      },
      healthChanged({ cluster: { name }, change }: HealthEvent) {
        clusters.seen(name);
        healthChanges.add([name, change]);
      },
      workerFailed({ worker, lost: connections }) {
        workerFaults.add([worker, String(connections !== undefined)]);
        if (connections !== undefined) lost.add([worker], connections);
      },
      acceptFailed: () => acceptFailures.add([]),
      overloadChanged: ({ resource, shedding }) => void overloads.set(resource, shedding),
    },
    moved: (transfers) => istio.moved(transfers),
    prune(there, now) {
      for (const cluster of clusters.expired(there.cluster, now)) {
        istio.forget(cluster);
        connectFailures.forget("cluster", cluster);
        connectDurations.delete(cluster);
        healthChanges.forget("cluster", cluster);
      }
      for (const port of listeners.expired(there.listener, now)) ended.forget("listener", port);
    },
  };
}
