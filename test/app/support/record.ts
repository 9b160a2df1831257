import type { ConnectionRecord } from "../../../app/gateway/engine/record.ts";
import { snapshotOf } from "./snapshot.ts";

const [cluster] = snapshotOf(1, [
  { port: 1, rules: [{ to: [{ subset: "v1", endpoints: [] }] }] },
]).table.clusters.values();

/** A connection that was served and that its upstream reset. */
export const record: ConnectionRecord = {
  id: 7,
  worker: 1,
  start: new Date("2026-01-02T03:04:05.678Z"),
  downstream: { address: "2001:db8::1", port: 40_000 },
  local: { address: "10.0.0.9", port: 31_400 },
  direct: { address: "2001:db8::1", port: 40_000 },
  serverName: undefined,
  alpn: [],
  proxyProtocol: undefined,
  tls: undefined,
  uniqueId: undefined,
  listener: 31_400,
  gateway: { kind: "Gateway", namespace: "default", name: "gateway" },
  route: {
    virtualService: { kind: "VirtualService", namespace: "default", name: "echo" },
    rule: "tcp[0].match[0]",
    weight: 95,
    totalWeight: 100,
  },
  cluster,
  endpoint: { address: "10.0.0.1", port: 3333, pod: "echo-v1", zone: "a", terminating: false },
  attempts: 2,
  prefaceDuration: 0.5,
  handshakeDuration: undefined,
  connectDuration: 1.23456,
  bytesReceived: 5,
  bytesSent: 6,
  configVersion: 3,
  duration: 1000.5,
  closedBy: "upstream",
  closedHow: "RST",
  reason: "upstream_reset",
  detail: "read ECONNRESET",
  uncounted: { received: 5, sent: 6 },
};
