import { phases } from "../../drain.ts";
import { hostPort } from "../../engine/address.ts";
import type { Gateway } from "../../gateway.ts";
import type { Instruments, Put } from "./instruments.ts";

/**
 * What is read at each scrape.
 *
 * @param find - gives the gateway, once there is one
 * @param endpoints - whether each endpoint has series of its own
 */
export function readState(instruments: Instruments, find: () => Gateway | undefined, endpoints: boolean): void {
  const gauge = <Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[],
    read: (gateway: Gateway, put: Put<Label>) => void,
  ): void =>
    instruments.gauge(name, help, labels, (put) => {
      const gateway = find();
      if (gateway !== undefined) read(gateway, put);
    });
  const value = (name: string, help: string, read: (gateway: Gateway) => number | undefined): void =>
    gauge(name, help, [], (gateway, put) => {
      const current = read(gateway);
      if (current !== undefined) put({}, current);
    });
  const total = (name: string, help: string, read: (gateway: Gateway) => number): void =>
    instruments.counter(name, help, [], (put) => {
      const gateway = find();
      if (gateway !== undefined) put({}, read(gateway));
    });

  value("tcp_ingress_connections", "Connections that are open", ({ engine }) => engine.connectionCount);
  gauge("tcp_ingress_cluster_connections", "Connections that are open, by cluster", ["cluster"], (gateway, put) => {
    for (const cluster of gateway.config?.snapshot.table.clusters.keys() ?? [])
      put({ cluster }, gateway.engine.active(cluster));
  });
  gauge("tcp_ingress_cluster_endpoints", "Endpoints by cluster", ["cluster"], ({ config }, put) => {
    for (const [cluster, { length }] of config?.snapshot.endpoints ?? []) put({ cluster }, length);
  });
  gauge(
    "tcp_ingress_cluster_endpoints_left_out",
    "Endpoints that get no connections, by who leaves them out: outlier_detection or active_checks",
    ["cluster", "by"],
    ({ config, engine }, put) => {
      for (const [cluster, all] of config?.snapshot.endpoints ?? []) {
        const states = all.map((endpoint) => engine.endpoint(cluster, endpoint));
        put({ cluster, by: "outlier_detection" }, states.filter(({ ejected }) => ejected).length);
        put({ cluster, by: "active_checks" }, states.filter(({ failingChecks }) => failingChecks).length);
      }
    },
  );
  if (endpoints) {
    gauge(
      "tcp_ingress_endpoint_connections",
      "Connections that are open, by endpoint; not there where METRICS_ENDPOINTS is false",
      ["cluster", "endpoint", "pod"],
      ({ config, engine }, put) => {
        for (const [cluster, all] of config?.snapshot.endpoints ?? []) {
          for (const endpoint of all) {
            const labels = { cluster, endpoint: hostPort(endpoint.address, endpoint.port), pod: endpoint.pod ?? "" };
            put(labels, engine.active(cluster, endpoint));
          }
        }
      },
    );
    gauge(
      "tcp_ingress_endpoint_healthy",
      "1 for an endpoint that gets connections, 0 for one that is left out; not there where METRICS_ENDPOINTS is false",
      ["cluster", "endpoint", "pod"],
      ({ config, engine }, put) => {
        for (const [cluster, all] of config?.snapshot.endpoints ?? []) {
          for (const endpoint of all) {
            const { ejected, failingChecks } = engine.endpoint(cluster, endpoint);
            const labels = { cluster, endpoint: hostPort(endpoint.address, endpoint.port), pod: endpoint.pod ?? "" };
            put(labels, ejected || failingChecks ? 0 : 1);
          }
        }
      },
    );
  }
  gauge(
    "tcp_ingress_listener_open",
    "1 for a listener that is open, 0 for one that is not",
    ["listener"],
    ({ engine }, put) => {
      for (const { listener, state } of engine.listeners()) put({ listener: listener.port }, state === "open" ? 1 : 0);
    },
  );
  gauge(
    "tcp_ingress_engine",
    "1 for the engine that moves the bytes of all listeners that it can serve",
    ["engine"],
    ({ engine }, put) => put({ engine: engine.name }, 1),
  );
  value(
    "tcp_ingress_engine_fallback",
    "1 while Node's sockets move the bytes as the gateway has crashed with epoll twice in ten minutes",
    ({ chosen }) => (chosen.crashed ? 1 : 0),
  );
  gauge(
    "tcp_ingress_worker_connections",
    "Connections that are open, by worker and what moves its bytes",
    ["worker", "engine"],
    (gateway, put) => {
      for (const { worker, engine, connections } of gateway.engine.workers()) put({ worker, engine }, connections);
    },
  );
  instruments.counter(
    "tcp_ingress_worker_active_seconds_total",
    "Seconds in which the event loop of a worker was not waiting for something to do; begins anew with a worker that takes another's place",
    ["worker", "engine"],
    (put) => {
      for (const { worker, engine, active } of find()?.engine.workers() ?? []) put({ worker, engine }, active / 1000);
    },
  );
  value(
    "tcp_ingress_config_version",
    "Version of the snapshot that is served",
    ({ config }) => config?.snapshot.version,
  );
  value("tcp_ingress_config_applied_timestamp_seconds", "When that snapshot was applied, in Unix time", ({ config }) =>
    config === undefined ? undefined : config.appliedAt.getTime() / 1000,
  );
  value("tcp_ingress_draining", "1 while the gateway is being taken out of service", ({ phase }) =>
    phase === "grace" || phase === "draining" ? 1 : 0,
  );
  gauge("tcp_ingress_phase", "1 for the phase of its life that the gateway is in", ["phase"], (gateway, put) => {
    for (const phase of phases) put({ phase }, phase === gateway.phase ? 1 : 0);
  });
  value(
    "tcp_ingress_phase_remaining_seconds",
    "Seconds until that phase is over at the latest; 0 where it has no end",
    ({ phaseRemaining = 0 }) => phaseRemaining / 1000,
  );
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
}
