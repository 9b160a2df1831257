/**
 * How connections are written in the access log and in the admin server's answers: Istio's and Envoy's names where they have one. What a field is called, holds and means stands
 * here alone; the schemas, the text format's operators and the documentation are made of it.
 */
import * as z from "zod";
import type { ObjectReference } from "../../routing/table.ts";
import { hostPort } from "./engine/address.ts";
import {
  closeKinds,
  reasons,
  responseFlags,
  sides,
  type Connection,
  type ConnectionRecord,
  type Peer,
} from "./engine/record.ts";
import { isoTime } from "./iso-time.ts";

const name = z.string().describe("NAMESPACE/NAME");
const address = z.string().describe("ADDRESS:PORT, IPv6 in brackets");
const count = z.int().min(0);
const milliseconds = z.number().min(0);

/** Types of values that other answers have as well. */
export const types = { name, address, count, milliseconds } as const;

/** `default/tcp-echo`. */
export const nameOf = ({ namespace, name }: ObjectReference): string => `${namespace}/${name}`;

const peer = ({ address, port }: Peer): string => hostPort(address, port);

/** Three digits after the point tell microseconds, and more is noise. */
const precise = (value: number): number => Math.round(value * 1000) / 1000;

const preciseOrNull = (value: number | undefined): number | null => (value === undefined ? null : precise(value));

/** Which way a connection went: what it has in common with others. */
export type Path = Pick<Connection, "listener" | "gateway" | "route" | "cluster" | "endpoint">;

interface Field<Source, Value> {
  readonly schema: z.ZodType<Value>;
  readonly read: (source: Source) => Value;
}

const of = <Value>(schema: z.ZodType<Value>, read: (source: Connection) => Value): Field<Connection, Value> => ({
  schema,
  read,
});

const ofPath = <Value>(schema: z.ZodType<Value>, read: (source: Path) => Value): Field<Path, Value> => ({
  schema,
  read,
});

const atEnd = <Value>(
  schema: z.ZodType<Value>,
  read: (source: ConnectionRecord) => Value,
): Field<ConnectionRecord, Value> => ({ schema, read });

/** Whose connection it is. */
const clientFields = {
  connection_id: of(count.describe("Unique within one run of the gateway"), ({ id }) => id),
  worker: of(count.describe("Which worker's it is, from 0 up"), ({ worker }) => worker),
  start_time: of(z.iso.datetime().describe("When the listener took it (RFC 3339)"), ({ start }) => isoTime(start)),
  downstream_remote_address: of(
    address.describe("ADDRESS:PORT of the client: as its PROXY header has it, else its socket's"),
    ({ downstream }) => peer(downstream),
  ),
  downstream_direct_remote_address: of(
    address.describe("ADDRESS:PORT of the other end of the socket: with the PROXY protocol the load balancer's"),
    ({ direct }) => peer(direct),
  ),
  downstream_local_address: of(
    address.describe("ADDRESS:PORT that the client connected to: as its PROXY header has it, else its socket's"),
    ({ local }) => peer(local),
  ),
  proxy_protocol_version: of(
    z.int().nullable().describe("Of the PROXY header that came first; null: none"),
    ({ proxyProtocol }) => proxyProtocol?.version ?? null,
  ),
  requested_server_name: of(
    z.string().nullable().describe("SNI of the ClientHello; null: none, or it is not read"),
    ({ serverName }) => serverName ?? null,
  ),
  downstream_tls_version: of(
    z.string().nullable().describe("`TLSv1.3` and so on; null: TLS does not end here"),
    ({ tls }) => tls?.version ?? null,
  ),
  downstream_tls_cipher: of(
    z.string().nullable().describe("OpenSSL's name of the cipher suite; null: TLS does not end here"),
    ({ tls }) => tls?.cipher ?? null,
  ),
  downstream_peer_subject: of(
    z.string().nullable().describe("Subject of the client's certificate; null: it showed none"),
    ({ tls }) => tls?.peerSubject ?? null,
  ),
} as const;

const pathFields = {
  listener: ofPath(count.describe("The declared port"), ({ listener }) => listener),
  gateway: ofPath(name.describe("NAMESPACE/NAME of the Gateway"), ({ gateway }) => nameOf(gateway)),
  virtual_service: ofPath(name.nullable().describe("NAMESPACE/NAME; null: no route matched"), ({ route }) =>
    route === undefined ? null : nameOf(route.virtualService),
  ),
  rule: ofPath(
    z.string().nullable().describe("Place in the VirtualService: `tcp[0].match[1]`"),
    ({ route }) => route?.rule ?? null,
  ),
  upstream_cluster: ofPath(
    z.string().nullable().describe("The cluster that was drawn among the rule's destinations"),
    ({ cluster }) => cluster?.name ?? null,
  ),
  weight: ofPath(
    count.nullable().describe("The weight that this cluster has in the rule; null: none was drawn"),
    ({ route }) => route?.weight ?? null,
  ),
  total_weight: ofPath(
    count.nullable().describe("The weight of all destinations of the rule together"),
    ({ route }) => route?.totalWeight ?? null,
  ),
  subset: ofPath(z.string().nullable().describe("Of the cluster"), ({ cluster }) => cluster?.subset ?? null),
  upstream_host: ofPath(
    address.nullable().describe("ADDRESS:PORT of the endpoint that answered, else of the last one that was tried"),
    ({ endpoint }) => (endpoint === undefined ? null : hostPort(endpoint.address, endpoint.port)),
  ),
  pod: ofPath(z.string().nullable().describe("The endpoint's"), ({ endpoint }) => endpoint?.pod ?? null),
} as const;

/** How it goes. */
const courseFields = {
  upstream_attempts: of(
    count.describe("Endpoints that were tried: 1 where the first answered, 0 for a refused connection"),
    ({ attempts }) => attempts,
  ),
  preface_duration: of(
    milliseconds
      .nullable()
      .describe("Milliseconds until a route was looked for: what PROXY header and ClientHello took; null: never"),
    ({ prefaceDuration }) => preciseOrNull(prefaceDuration),
  ),
  downstream_handshake_duration: of(
    milliseconds.nullable().describe("Milliseconds of the TLS handshake with the client; null: there was none"),
    ({ handshakeDuration }) => preciseOrNull(handshakeDuration),
  ),
  connect_duration: of(
    milliseconds
      .nullable()
      .describe("Milliseconds that connecting to the endpoint took, all attempts together; null: never connected"),
    ({ connectDuration }) => preciseOrNull(connectDuration),
  ),
  bytes_received: of(count.describe("From the client"), ({ bytesReceived }) => bytesReceived),
  bytes_sent: of(count.describe("To the client"), ({ bytesSent }) => bytesSent),
  config_version: of(
    count.describe("Version of the snapshot that it was routed by"),
    ({ configVersion }) => configVersion,
  ),
} as const;

/** What is known of a connection while it is open. */
export const connectionFields = { ...clientFields, ...pathFields, ...courseFields } as const;

/** What is known only when it is over. */
export const endFields = {
  duration: atEnd(milliseconds.describe("Milliseconds from its start to its end"), ({ duration }) => precise(duration)),
  closed_by: atEnd(z.enum(sides).describe("Who ended it first"), ({ closedBy }) => closedBy),
  closed_how: atEnd(z.enum(closeKinds).describe("And how"), ({ closedHow }) => closedHow),
  response_flags: atEnd(
    z.string().describe("Envoy's response flag; - where nothing was wrong"),
    ({ reason }): string => responseFlags[reason],
  ),
  reason: atEnd(z.enum(reasons).describe("Why it ended"), ({ reason }) => reason),
  detail: atEnd(
    z.string().nullable().describe("More about the reason: `connect ECONNREFUSED 10.0.0.7:3333`"),
    ({ detail }) => detail ?? null,
  ),
} as const;

type Values<Fields extends Readonly<Record<string, Field<never, unknown>>>> = {
  readonly [Key in keyof Fields]: ReturnType<Fields[Key]["read"]>;
};

/** A connection that is open. */
export type ConnectionDescription = Values<typeof connectionFields>;

/** A connection that is over. */
export type RecordDescription = ConnectionDescription & Values<typeof endFields>;

export const connectionSchema = z.strictObject(schemasOf(connectionFields));
export const recordSchema = z.strictObject({ ...schemasOf(connectionFields), ...schemasOf(endFields) });

/** A field's name, and how it is read. */
export type Reader<Source> = readonly [key: string, read: (source: Source) => unknown];

const readersOfConnection = readersOf(connectionFields);
const readersOfEnd = readersOf(endFields);

/** Of a connection that is over, in the order of {@link recordSchema}: what comes before its path, the path, and what comes behind it. */
export const recordReaders: {
  readonly client: readonly Reader<Connection>[];
  readonly path: readonly Reader<Path>[];
  readonly course: readonly Reader<ConnectionRecord>[];
} = {
  client: readersOf(clientFields),
  path: readersOf(pathFields),
  course: [...readersOf(courseFields), ...readersOfEnd],
};

export function describeConnection(connection: Connection): ConnectionDescription {
  return read(readersOfConnection, connection, {}) as ConnectionDescription;
}

export function describeRecord(record: ConnectionRecord): RecordDescription {
  return read(readersOfEnd, record, read(readersOfConnection, record, {})) as RecordDescription;
}

function readersOf<Source>(fields: Readonly<Record<string, Field<Source, unknown>>>): readonly Reader<Source>[] {
  return Object.entries(fields).map(([key, { read }]) => [key, read]);
}

function read<Source>(
  readers: readonly Reader<Source>[],
  source: Source,
  into: Record<string, unknown>,
): Record<string, unknown> {
  for (const [key, value] of readers) into[key] = value(source);
  return into;
}

function schemasOf<Fields extends Readonly<Record<string, { readonly schema: z.ZodType }>>>(
  fields: Fields,
): { [Key in keyof Fields]: Fields[Key]["schema"] } {
  return Object.fromEntries(Object.entries(fields).map(([key, { schema }]) => [key, schema])) as {
    [Key in keyof Fields]: Fields[Key]["schema"];
  };
}
