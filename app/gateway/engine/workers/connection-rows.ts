/**
 * Connections as rows of numbers, as a worker tells the main thread of them: a structured clone of the objects would cost either thread more than all else that it does for a short connection.
 * {@link ConnectionRows} writes the columns in the order in which {@link readRows} reads them.
 */
import type { Cluster, Endpoint, ObjectReference } from "../../../../routing/table.ts";
import {
  closeKinds,
  reasons,
  sides,
  type ClientFacts,
  type CloseKind,
  type Connection,
  type ConnectionRecord,
  type MatchedRoute,
  type Peer,
  type Reason,
  type Side,
} from "../record.ts";
import { Numbering, type NewReferences, type References } from "./references.ts";

/** What a row tells: the first column. */
const OPENED = 0;
const CONNECT_FAILED = 1;
const CLOSED = 2;
/** It was not told to be open, either. */
const OPENED_AND_CLOSED = 3;

/** More than a row has. */
const MAX_COLUMNS = 32;

/** What few clients have told of themselves. */
type Told = Pick<ClientFacts, "serverName" | "alpn" | "proxyProtocol" | "tls" | "uniqueId">;

const nothingTold: Told = {
  serverName: undefined,
  alpn: [],
  proxyProtocol: undefined,
  tls: undefined,
  uniqueId: undefined,
};

/** What the main thread is sent. */
export interface Rows {
  readonly numbers: Float64Array;
  readonly references: NewReferences;
  readonly told: readonly Told[];
}

/** Where rows are gathered. */
export class ConnectionRows {
  readonly #numbering = new Numbering();
  #numbers = new Float64Array(MAX_COLUMNS * 16);
  #length = 0;
  #told: Told[] = [];

  opened(connection: Connection): void {
    this.#begin(OPENED);
    this.#connection(connection);
  }

  connectFailed(connection: Connection, error: string): void {
    this.#begin(CONNECT_FAILED);
    this.#connection(connection);
    this.#put(this.#numbering.of(error));
  }

  /** @param opened - whether that it was opened is told with it */
  closed(record: ConnectionRecord, opened: boolean): void {
    this.#begin(opened ? OPENED_AND_CLOSED : CLOSED);
    this.#connection(record);
    this.#put(record.duration);
    this.#put(sides.indexOf(record.closedBy));
    this.#put(closeKinds.indexOf(record.closedHow));
    this.#put(reasons.indexOf(record.reason));
    this.#put(this.#numbering.of(record.detail));
    this.#put(record.uncounted.received);
    this.#put(record.uncounted.sent);
  }

  take(): Rows {
    const rows = {
      numbers: this.#numbers.slice(0, this.#length),
      references: this.#numbering.take(),
      told: this.#told,
    };
    this.#length = 0;
    this.#told = [];
    return rows;
  }

  #begin(kind: number): void {
    if (this.#numbers.length - this.#length < MAX_COLUMNS) {
      const larger = new Float64Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#put(kind);
  }

  #put(value: number): void {
    this.#numbers[this.#length++] = value;
  }

  #peer({ address, port }: Peer): void {
    this.#put(this.#numbering.of(address));
    this.#put(port);
  }

  #connection(connection: Connection): void {
    this.#put(connection.id);
    this.#put(connection.start.getTime());
    this.#peer(connection.downstream);
    this.#peer(connection.direct);
    this.#peer(connection.local);
    this.#put(connection.listener);
    this.#put(this.#numbering.of(connection.gateway));
    this.#put(this.#numbering.of(connection.route));
    this.#put(this.#numbering.of(connection.cluster));
    this.#put(this.#numbering.of(connection.endpoint));
    this.#put(connection.attempts);
    this.#put(connection.prefaceDuration ?? NaN);
    this.#put(connection.handshakeDuration ?? NaN);
    this.#put(connection.connectDuration ?? NaN);
    this.#put(connection.bytesReceived);
    this.#put(connection.bytesSent);
    this.#put(connection.configVersion);
    this.#put(this.#tell(connection));
  }

  /** Place among {@link Rows.told}; -1: nothing was told. */
  #tell({ serverName, alpn, proxyProtocol, tls, uniqueId }: Told): number {
    if (proxyProtocol === undefined && serverName === undefined && tls === undefined && uniqueId === undefined)
      if (alpn.length === 0) return -1;
    return this.#told.push({ serverName, alpn, proxyProtocol, tls, uniqueId }) - 1;
  }
}

/** Who is told what rows say. */
export interface RowsReader {
  opened(connection: Connection): void;
  connectFailed(connection: Connection, error: string): void;
  closed(record: ConnectionRecord): void;
}

/**
 * Tells what rows say, in the order in which it happened.
 *
 * @param worker - whose rows they are
 * @param references - of all rows of that worker
 */
export function readRows(
  { numbers, references: added, told }: Rows,
  worker: number,
  references: References,
  reader: RowsReader,
): void {
  references.add(added);
  let at = 0;
  const next = (): number => numbers[at++] as number;
  const known = (): number | undefined => {
    const value = next();
    return Number.isNaN(value) ? undefined : value;
  };
  const peer = (): Peer => ({ address: references.find(next()) as string, port: next() });
  while (at < numbers.length) {
    const kind = next();
    const id = next();
    const start = new Date(next());
    const downstream = peer();
    const direct = peer();
    const local = peer();
    const listener = next();
    const gateway = references.find(next()) as ObjectReference;
    const route = references.find(next()) as MatchedRoute | undefined;
    const cluster = references.find(next()) as Cluster | undefined;
    const endpoint = references.find(next()) as Endpoint | undefined;
    const attempts = next();
    const prefaceDuration = known();
    const handshakeDuration = known();
    const connectDuration = known();
    const bytesReceived = next();
    const bytesSent = next();
    const configVersion = next();
    const place = next();
    // An array looks for -1 among its properties by name, which takes longer than all else here.
    const { serverName, alpn, proxyProtocol, tls, uniqueId } = place < 0 ? nothingTold : (told[place] as Told);
    const connection: Connection = {
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
    if (kind === OPENED) reader.opened(connection);
    else if (kind === CONNECT_FAILED) reader.connectFailed(connection, references.find(next()) as string);
    else {
      const record: ConnectionRecord = {
        ...connection,
        duration: next(),
        closedBy: sides[next()] as Side,
        closedHow: closeKinds[next()] as CloseKind,
        reason: reasons[next()] as Reason,
        detail: references.find(next()) as string | undefined,
        uncounted: { received: next(), sent: next() },
      };
      if (kind === OPENED_AND_CLOSED) reader.opened(record);
      reader.closed(record);
    }
  }
}
