import {
  connectionFields,
  describeConnection,
  describeRecord,
  endFields,
  type ConnectionDescription,
  type RecordDescription,
} from "../describe.ts";
import type { Connection, ConnectionRecord } from "../engine/record.ts";

/** One line, before it is written. The types have Envoy's names: bytes begin to flow, or the connection is over. */
export type AccessLine =
  | ({ readonly access_log_type: "TcpUpstreamConnected" } & ConnectionDescription)
  | ({ readonly access_log_type: "TcpConnectionEnd" } & RecordDescription);

/** Every field of a line, in its order. */
export const lineFields = ["access_log_type", ...Object.keys(connectionFields), ...Object.keys(endFields)];

export const startLine = (connection: Connection): AccessLine => ({
  access_log_type: "TcpUpstreamConnected",
  ...describeConnection(connection),
});

export const endLine = (record: ConnectionRecord): AccessLine => ({
  access_log_type: "TcpConnectionEnd",
  ...describeRecord(record),
});
