/** How connections are written in the access log and in the admin server's answers: Istio's names where it has one. */
import type { ObjectReference } from "../../routing/table.ts";
import { hostPort } from "./engine/address.ts";
import { responseFlags, type Connection, type ConnectionRecord } from "./engine/record.ts";

/** A connection that is open. Times are milliseconds. */
export interface ConnectionDescription {
  readonly connection_id: number;
  /** Which worker's it is, from 0 up. */
  readonly worker: number;
  /** RFC 3339. */
  readonly start_time: string;
  /** `ADDRESS:PORT` of the client. */
  readonly downstream_remote_address: string;
  /** `ADDRESS:PORT` that the client connected to. */
  readonly downstream_local_address: string;
  /** The declared port. */
  readonly listener: number;
  /** `NAMESPACE/NAME`. */
  readonly gateway: string;
  /** `NAMESPACE/NAME`; null: no route matched. */
  readonly virtual_service: string | null;
  /** Place in the VirtualService: `tcp[0].match[1]`. */
  readonly rule: string | null;
  readonly upstream_cluster: string | null;
  readonly subset: string | null;
  /** `ADDRESS:PORT` of the endpoint that was picked. */
  readonly upstream_host: string | null;
  readonly pod: string | null;
  readonly upstream_attempts: number;
  /** null: never connected. */
  readonly connect_duration: number | null;
  /** From the client. */
  readonly bytes_received: number;
  /** To the client. */
  readonly bytes_sent: number;
  readonly config_version: number;
}

/** A connection that is over. */
export interface RecordDescription extends ConnectionDescription {
  readonly duration: number;
  readonly closed_by: ConnectionRecord["closedBy"];
  readonly closed_how: ConnectionRecord["closedHow"];
  /** Envoy's response flag. */
  readonly response_flags: string;
  readonly reason: ConnectionRecord["reason"];
  readonly detail: string | null;
}

/** `default/tcp-echo`. */
export const nameOf = ({ namespace, name }: ObjectReference): string => `${namespace}/${name}`;

/** Three digits after the point tell microseconds, and more is noise. */
const milliseconds = (value: number): number => Math.round(value * 1000) / 1000;

export function describeConnection(connection: Connection): ConnectionDescription {
  const { downstream, local, route, cluster, endpoint, connectDuration } = connection;
  return {
    connection_id: connection.id,
    worker: connection.worker,
    start_time: connection.start.toISOString(),
    downstream_remote_address: hostPort(downstream.address, downstream.port),
    downstream_local_address: hostPort(local.address, local.port),
    listener: connection.listener,
    gateway: nameOf(connection.gateway),
    virtual_service: route === undefined ? null : nameOf(route.virtualService),
    rule: route?.rule ?? null,
    upstream_cluster: cluster?.name ?? null,
    subset: cluster?.subset ?? null,
    upstream_host: endpoint === undefined ? null : hostPort(endpoint.address, endpoint.port),
    pod: endpoint?.pod ?? null,
    upstream_attempts: connection.attempts,
    connect_duration: connectDuration === undefined ? null : milliseconds(connectDuration),
    bytes_received: connection.bytesReceived,
    bytes_sent: connection.bytesSent,
    config_version: connection.configVersion,
  };
}

export function describeRecord(record: ConnectionRecord): RecordDescription {
  return {
    ...describeConnection(record),
    duration: milliseconds(record.duration),
    closed_by: record.closedBy,
    closed_how: record.closedHow,
    response_flags: responseFlags[record.reason],
    reason: record.reason,
    detail: record.detail ?? null,
  };
}
