import type { Cluster, Endpoint, ObjectReference } from "../../../routing/table.ts";
import type { ProxyHeader, TlvFacts } from "../protocol/proxy-protocol/index.ts";

/**
 * How a connection ended, as Envoy spells it (access log documentation, `RESPONSE_FLAGS`); "-" where nothing was wrong.
 * NR: no route; UH: no healthy upstream; UF: upstream connect failure; UO: upstream overflow (a connection limit); UR, DR: the upstream or
 * the downstream side reset; SI: idle timeout; DT: maximum duration; LR: the gateway itself ended it; DC: the client
 * closed before its stream began; DPE: the client broke a protocol that the gateway speaks with it; RL: a limit of a listener or of a
 * client address (Envoy's connection_limit filter has no flag of its own); OM: the overload manager's doing; UC: the upstream's end, here
 * as its endpoint is gone.
 */
export type ResponseFlag =
  "-" | "NR" | "UH" | "UF" | "UO" | "UR" | "DR" | "SI" | "DT" | "LR" | "DC" | "DPE" | "RL" | "OM" | "UC";

/** Why, in words that logs and counters share. */
export type Reason =
  | "finished"
  | "client_closed_early"
  | "proxy_protocol_error"
  | "proxy_protocol_timeout"
  | "client_hello_error"
  | "client_hello_timeout"
  | "tls_certificate_missing"
  | "tls_handshake_failure"
  | "tls_handshake_timeout"
  | "no_route"
  | "no_healthy_upstream"
  | "upstream_connect_failure"
  | "upstream_connect_timeout"
  | "upstream_tls_failure"
  | "connection_limit"
  | "listener_connections"
  | "source_connections"
  | "source_rate"
  | "overload"
  | "endpoint_removed"
  | "upstream_reset"
  | "downstream_reset"
  | "idle_timeout"
  | "max_connection_duration"
  | "drain"
  | "internal_error";

/** Which flag goes with which reason. */
export const responseFlags: Readonly<Record<Reason, ResponseFlag>> = {
  finished: "-",
  client_closed_early: "DC",
  proxy_protocol_error: "DPE",
  proxy_protocol_timeout: "DPE",
  client_hello_error: "DPE",
  client_hello_timeout: "DPE",
  tls_certificate_missing: "LR",
  tls_handshake_failure: "DPE",
  tls_handshake_timeout: "DPE",
  no_route: "NR",
  no_healthy_upstream: "UH",
  upstream_connect_failure: "UF",
  upstream_connect_timeout: "UF",
  upstream_tls_failure: "UF",
  connection_limit: "UO",
  listener_connections: "RL",
  source_connections: "RL",
  source_rate: "RL",
  overload: "OM",
  endpoint_removed: "UC",
  upstream_reset: "UR",
  downstream_reset: "DR",
  idle_timeout: "SI",
  max_connection_duration: "DT",
  drain: "LR",
  internal_error: "LR",
};

export const reasons = Object.keys(responseFlags) as readonly Reason[];

/** Who ended a connection first. */
export const sides = ["downstream", "upstream", "gateway"] as const;
export type Side = (typeof sides)[number];

/** How: a half-close, an abort, or the gateway's own decision. */
export const closeKinds = ["FIN", "RST", "timeout", "drain", "refused"] as const;
export type CloseKind = (typeof closeKinds)[number];

export interface Peer {
  /** Without brackets; an IPv4-mapped address is shown as IPv4. */
  readonly address: string;
  readonly port: number;
}

/** What is known of a client and of what it asks for: what routes are matched by, limits count by and logs show. What it sends before its stream fills it in. */
export interface ClientFacts {
  /** Whose connection it is: as its PROXY header tells, else {@link direct}. */
  downstream: Peer;
  /** The address that the client connected to: as its PROXY header tells, else the socket's own. */
  local: Peer;
  /** The other end of the socket. */
  readonly direct: Peer;
  /** As the ClientHello has it (SNI), in lower case; undefined: none was sent, or it is not read. */
  serverName: string | undefined;
  /** Protocols that the ClientHello offers (ALPN); empty: none, or it is not read. */
  alpn: readonly string[];
  /** The PROXY header that came first; undefined: none. */
  proxyProtocol: AcceptedHeader | undefined;
  /** What became of the TLS handshake; undefined: TLS does not end here, or has not yet. */
  tls: TlsFacts | undefined;
  /** Hex: what a PROXY header upstream names this connection by; undefined: none was sent. */
  uniqueId: string | undefined;
}

/** A PROXY header and what its TLVs say. */
export type AcceptedHeader = Pick<ProxyHeader, "version" | "command"> & TlvFacts;

/** A TLS connection with a client. */
export interface TlsFacts {
  /** `TLSv1.3`. */
  readonly version: string;
  /** OpenSSL's name. */
  readonly cipher: string;
  /** Subject of the client's certificate, which was verified: `CN=…`, one line an attribute; undefined: it showed none. */
  readonly peerSubject: string | undefined;
}

/** Where a connection was routed. */
export interface MatchedRoute {
  readonly virtualService: ObjectReference;
  /** Place in the VirtualService: `tcp[0].match[1]`. */
  readonly rule: string;
  /** Of the cluster that was drawn; undefined: it is not there any more. */
  readonly weight: number | undefined;
  /** Of all destinations together. */
  readonly totalWeight: number;
}

/** Which listener took a connection, which route matched, which endpoint was picked: what is known while it is open. */
export interface Connection extends Readonly<ClientFacts> {
  /** Unique within one run of the gateway. */
  readonly id: number;
  /** The worker whose connection it is, from 0 up. */
  readonly worker: number;
  /** When the listener took it. */
  readonly start: Date;
  /** The declared port (`port.number`). */
  readonly listener: number;
  /** The listener's first one until a server was chosen. */
  readonly gateway: ObjectReference;
  /** undefined: no route matched. */
  readonly route: MatchedRoute | undefined;
  /** undefined: none was chosen. */
  readonly cluster: Cluster | undefined;
  /** The one that answered, else the one that was tried last; undefined: none was tried. */
  readonly endpoint: Endpoint | undefined;
  /** Endpoints that were tried: 0 for a refused connection, 1 where the first answered. */
  readonly attempts: number;
  /** Milliseconds from its start until a route was looked for: what the client had to tell before took that long. undefined until then. */
  readonly prefaceDuration: number | undefined;
  /** Milliseconds of the TLS handshake with the client, which follows the decision; undefined until it is done, or where there is none. */
  readonly handshakeDuration: number | undefined;
  /** Milliseconds that connecting upstream took, all attempts together, after all that was before; undefined until it is done. */
  readonly connectDuration: number | undefined;
  /** From the client. */
  readonly bytesReceived: number;
  /** To the client. */
  readonly bytesSent: number;
  /** Version of the snapshot that it was routed by. */
  readonly configVersion: number;
}

/** A connection as it stands now, as plain data. */
export function copyConnection(connection: Connection): Connection {
  const {
    id,
    worker,
    start,
    downstream,
    local,
    direct,
    serverName,
    alpn,
    proxyProtocol,
    tls,
    uniqueId,
    listener,
    gateway,
    route,
    cluster,
    endpoint,
    attempts,
  } = connection;
  const { prefaceDuration, handshakeDuration, connectDuration, bytesReceived, bytesSent, configVersion } = connection;
  return {
    id,
    worker,
    start,
    downstream,
    local,
    direct,
    serverName,
    alpn,
    proxyProtocol,
    tls,
    uniqueId,
    listener,
    gateway,
    route,
    cluster,
    endpoint,
    attempts,
    prefaceDuration,
    handshakeDuration,
    connectDuration,
    bytesReceived,
    bytesSent,
    configVersion,
  };
}

/** Bytes that connections have moved. */
export interface Transfer {
  /** From clients. */
  readonly received: number;
  /** To clients. */
  readonly sent: number;
}

/** What connections to one endpoint have moved. */
export interface EndpointTransfer extends Transfer {
  /** undefined: none was chosen yet. */
  readonly cluster: Cluster | undefined;
  readonly endpoint: Endpoint | undefined;
}

/** What is known of a connection when it is over. */
export interface ConnectionRecord extends Connection {
  /** Milliseconds. */
  readonly duration: number;
  readonly closedBy: Side;
  readonly closedHow: CloseKind;
  readonly reason: Reason;
  /** More about the reason, where there is more: `connect ECONNREFUSED 10.0.0.7:3333`. */
  readonly detail: string | undefined;
  /** Bytes that no count of open connections had yet: see {@link Engine.transfers}. */
  readonly uncounted: Transfer;
}
