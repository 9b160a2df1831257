import {
  connectionFields,
  describeConnection,
  describeRecord,
  endFields,
  type ConnectionDescription,
  type RecordDescription,
} from "../describe.ts";
import type { Connection, ConnectionRecord } from "../engine/record.ts";

/** Envoy's name of what a line at the end tells. */
export const endLineType = "TcpConnectionEnd";

/** One line, before it is written. The types have Envoy's names: bytes begin to flow, or the connection is over. */
export type AccessLine =
  | ({ readonly access_log_type: "TcpUpstreamConnected" } & ConnectionDescription)
  | ({ readonly access_log_type: typeof endLineType } & RecordDescription);

/** Every field of a line, in its order. */
export const lineFields = ["access_log_type", ...Object.keys(connectionFields), ...Object.keys(endFields)];

/** It may be told a moment after it was: no byte had been moved then. */
export const startLine = (connection: Connection): AccessLine => ({
  access_log_type: "TcpUpstreamConnected",
  ...describeConnection(connection),
  bytes_received: 0,
  bytes_sent: 0,
});

export const endLine = (record: ConnectionRecord): AccessLine => ({
  access_log_type: endLineType,
  ...describeRecord(record),
});
