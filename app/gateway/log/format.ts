import type { Connection, ConnectionRecord } from "../engine/record.ts";
import { formatEnd } from "./json.ts";
import { endLine, lineFields, startLine, type AccessLine } from "./lines.ts";

/** Makes a line's text, without a line feed. */
export interface Format {
  /** Bytes begin to flow. */
  opened(connection: Connection): string;
  /** The connection is over. */
  closed(record: ConnectionRecord): string;
}

export const formatJson: Format = {
  opened: (connection) => JSON.stringify(startLine(connection)),
  closed: formatEnd,
};

type Value = (line: Readonly<Record<string, unknown>>) => unknown;

const field =
  (name: string): Value =>
  (line) =>
    line[name];

const addressOf =
  (name: string): Value =>
  (line) =>
    splitAddress(line[name])?.address;

const portOf =
  (name: string): Value =>
  (line) =>
    splitAddress(line[name])?.port;

/** Envoy's operators (access log documentation) for what fields of other names tell. */
const envoyOperators: Readonly<Record<string, Value>> = {
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: addressOf("downstream_remote_address"),
  DOWNSTREAM_REMOTE_PORT: portOf("downstream_remote_address"),
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: addressOf("downstream_direct_remote_address"),
  DOWNSTREAM_DIRECT_REMOTE_PORT: portOf("downstream_direct_remote_address"),
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: addressOf("downstream_local_address"),
  DOWNSTREAM_LOCAL_PORT: portOf("downstream_local_address"),
  UPSTREAM_REMOTE_ADDRESS: field("upstream_host"),
  UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: addressOf("upstream_host"),
  UPSTREAM_REMOTE_PORT: portOf("upstream_host"),
  UPSTREAM_REQUEST_ATTEMPT_COUNT: field("upstream_attempts"),
  CONNECTION_TERMINATION_DETAILS: field("detail"),
};

/** By name: each field's in capitals, which are Envoy's where it has the field, and Envoy's for what is called otherwise here. */
const operators: ReadonlyMap<string, Value> = new Map([
  ...lineFields.map((name) => [name.toUpperCase(), field(name)] as const),
  ...Object.entries(envoyOperators),
]);

export const operatorNames: readonly string[] = [...operators.keys()];

/** What a line of text says unless one asks for something else. */
export const defaultTemplate =
  "[%START_TIME%] %DOWNSTREAM_REMOTE_ADDRESS% %LISTENER% %GATEWAY% %VIRTUAL_SERVICE% %RULE% " +
  "%UPSTREAM_CLUSTER% %UPSTREAM_HOST% %POD% %RESPONSE_FLAGS% %REASON% %CLOSED_BY% %CLOSED_HOW% " +
  "%BYTES_RECEIVED% %BYTES_SENT% %CONNECT_DURATION% %DURATION%";

/**
 * Reads a template in Envoy's spelling: `%OPERATOR%` stands for a value, `%%` for a percent sign, all else for itself. A value that is not there is `-`, as with Envoy.
 *
 * @throws {RangeError} that says what is wrong and what there is
 */
export function parseFormat(template: string): Format {
  const parts = template.split("%");
  if (parts.length % 2 === 0)
    throw new RangeError(
      `a percent sign stands alone in ${JSON.stringify(template)}: write %OPERATOR%, or %% for a percent sign`,
    );
  const texts = parts.map((part, index): string | Value => {
    if (index % 2 === 0) return part;
    if (part === "") return "%";
    const value = operators.get(part);
    if (value === undefined)
      throw new RangeError(
        `%${part}% is no operator: use one of ${operatorNames.map((name) => `%${name}%`).join(", ")}`,
      );
    return value;
  });
  const render = (line: AccessLine): string =>
    texts.map((part) => (typeof part === "string" ? part : show(part(line)))).join("");
  return { opened: (connection) => render(startLine(connection)), closed: (record) => render(endLine(record)) };
}

/** Clients choose some of the values: none may end the line, or write to a terminal. */
function show(value: unknown): string {
  if (value === null || value === undefined) return "-";
  const text = String(value as string | number);
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function splitAddress(value: unknown): { readonly address: string; readonly port: string } | undefined {
  if (typeof value !== "string") return undefined;
  const colon = value.lastIndexOf(":");
  return { address: value.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port: value.slice(colon + 1) };
}
