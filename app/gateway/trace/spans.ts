import { isIPv6 } from "node:net";
import { nameOf } from "../describe.ts";
import { responseFlags, type ConnectionRecord, type TlsFacts } from "../engine/record.ts";

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A piece of a connection's time. Times are milliseconds of Unix time. */
export interface SpanDescription {
  readonly name: string;
  readonly kind: "server" | "client" | "internal";
  readonly start: number;
  readonly end: number;
  /** By OpenTelemetry's semantic conventions where they have it; undefined: left out. */
  readonly attributes: Attributes;
  /** What went wrong in it; undefined: nothing. */
  readonly error: string | undefined;
}

/** A connection, and what its time went into. */
export interface ConnectionTrace extends SpanDescription {
  readonly children: readonly SpanDescription[];
}

export function traceOf(record: ConnectionRecord): ConnectionTrace {
  const start = record.start.getTime();
  const end = start + record.duration;
  const flag = responseFlags[record.reason];
  const error = flag === "-" ? undefined : (record.detail ?? record.reason);
  return {
    name: `tcp ${record.listener}`,
    kind: "server",
    start,
    end,
    attributes: {
      ...clientAttributes(record),
      ...(record.tls && tlsAttributes(record.tls)),
      "tls.client.server_name": record.serverName,
      "error.type": error === undefined ? undefined : record.reason,
      "tcp_ingress.connection_id": record.id,
      "tcp_ingress.worker": record.worker,
      "tcp_ingress.listener": record.listener,
      "tcp_ingress.gateway": nameOf(record.gateway),
      "tcp_ingress.virtual_service": record.route && nameOf(record.route.virtualService),
      "tcp_ingress.rule": record.route?.rule,
      "tcp_ingress.upstream_cluster": record.cluster?.name,
      "tcp_ingress.subset": record.cluster?.subset,
      "tcp_ingress.pod": record.endpoint?.pod,
      "tcp_ingress.bytes_received": record.bytesReceived,
      "tcp_ingress.bytes_sent": record.bytesSent,
      "tcp_ingress.closed_by": record.closedBy,
      "tcp_ingress.closed_how": record.closedHow,
      "tcp_ingress.response_flags": flag,
      "tcp_ingress.reason": record.reason,
      "tcp_ingress.config_version": record.configVersion,
    },
    error,
    children: [...stages(record, start, end, error)],
  };
}

/** One after the other; the one that a connection did not get beyond lasts to its end. */
function* stages(
  record: ConnectionRecord,
  start: number,
  end: number,
  error: string | undefined,
): Generator<SpanDescription> {
  const { prefaceDuration, handshakeDuration, connectDuration, endpoint, reason } = record;
  if (prefaceDuration === undefined) return;
  const decided = start + prefaceDuration;
  const handshakeFailed = reason.startsWith("tls_");
  const secured = handshakeFailed ? end : decided + (handshakeDuration ?? 0);
  if (handshakeFailed || handshakeDuration !== undefined) {
    yield {
      name: "tls handshake",
      kind: "internal",
      start: decided,
      end: secured,
      attributes: record.tls === undefined ? {} : tlsAttributes(record.tls),
      error: handshakeFailed ? error : undefined,
    };
  }
  if (endpoint === undefined) return;
  const connected = connectDuration === undefined ? end : secured + connectDuration;
  yield {
    name: "connect",
    kind: "client",
    start: secured,
    end: connected,
    attributes: {
      "network.transport": "tcp",
      "network.peer.address": endpoint.address,
      "network.peer.port": endpoint.port,
      "server.address": record.cluster?.host,
      "server.port": record.cluster?.port,
      "tcp_ingress.pod": endpoint.pod,
      "tcp_ingress.upstream_attempts": record.attempts,
    },
    error: connectDuration === undefined ? error : undefined,
  };
  if (connectDuration === undefined) return;
  yield {
    name: "transfer",
    kind: "internal",
    start: connected,
    end,
    attributes: {
      "tcp_ingress.bytes_received": record.bytesReceived,
      "tcp_ingress.bytes_sent": record.bytesSent,
    },
    error,
  };
}

function clientAttributes({ downstream, direct, local }: ConnectionRecord): Attributes {
  return {
    "client.address": downstream.address,
    "client.port": downstream.port,
    "server.address": local.address,
    "server.port": local.port,
    "network.transport": "tcp",
    "network.type": isIPv6(direct.address) ? "ipv6" : "ipv4",
    "network.peer.address": direct.address,
    "network.peer.port": direct.port,
  };
}

function tlsAttributes({ version, cipher, peerSubject }: TlsFacts): Attributes {
  return {
    "tls.protocol.name": "tls",
    "tls.protocol.version": version.replace(/^TLSv/, ""),
    "tls.cipher": cipher,
    "tls.client.subject": peerSubject,
  };
}
