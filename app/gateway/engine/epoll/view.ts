import { matchedRoute } from "../matched-route.ts";
import type { ClientFacts, CloseKind, Connection, ConnectionRecord, Reason, Side, Transfer } from "../record.ts";
import type { Core } from "./core.ts";

/** How a connection ended. */
export interface Ending {
  readonly by: Side;
  readonly how: CloseKind;
  readonly reason: Reason;
  readonly detail: string | undefined;
}

/** A connection as others see it, read from the table whenever somebody looks: good until the connection is told to be closed. */
export class ConnectionView implements Connection {
  readonly #core: Core;
  readonly #slot: number;
  #known: Readonly<ClientFacts> | undefined;

  constructor(core: Core, slot: number) {
    this.#core = core;
    this.#slot = slot;
  }

  get #facts(): Readonly<ClientFacts> {
    return (this.#known ??= this.#core.facts.of(this.#slot));
  }

  get id(): number {
    return this.#core.table.ids[this.#slot] as number;
  }

  get worker(): number {
    return this.#core.options.worker;
  }

  get start(): Date {
    return new Date(this.#core.table.starts[this.#slot] as number);
  }

  get downstream(): Connection["downstream"] {
    return this.#facts.downstream;
  }

  get local(): Connection["local"] {
    return this.#facts.local;
  }

  get direct(): Connection["direct"] {
    return this.#facts.direct;
  }

  get serverName(): Connection["serverName"] {
    return this.#facts.serverName;
  }

  get alpn(): Connection["alpn"] {
    return this.#facts.alpn;
  }

  get proxyProtocol(): Connection["proxyProtocol"] {
    return this.#facts.proxyProtocol;
  }

  get tls(): Connection["tls"] {
    return undefined;
  }

  get uniqueId(): Connection["uniqueId"] {
    return this.#facts.uniqueId;
  }

  get listener(): number {
    return this.#core.table.plannedOf(this.#slot).listener.port;
  }

  get gateway(): Connection["gateway"] {
    const { table } = this.#core;
    return (table.chains[this.#slot] ?? table.plannedOf(this.#slot).listener.chains[0]).gateway;
  }

  get route(): Connection["route"] {
    const route = this.#core.table.routes[this.#slot];
    return route && matchedRoute(route, this.cluster);
  }

  get cluster(): Connection["cluster"] {
    return this.#core.table.upstreams[this.#slot]?.cluster;
  }

  get endpoint(): Connection["endpoint"] {
    return this.#core.table.hosts[this.#slot]?.endpoint;
  }

  get attempts(): number {
    return this.#core.table.attempts[this.#slot] as number;
  }

  get prefaceDuration(): number | undefined {
    return known(this.#core.table.prefaceDurations[this.#slot]);
  }

  get handshakeDuration(): undefined {
    return undefined;
  }

  get connectDuration(): number | undefined {
    return known(this.#core.table.connectDurations[this.#slot]);
  }

  get bytesReceived(): number {
    return this.#core.table.received[this.#slot] as number;
  }

  get bytesSent(): number {
    return this.#core.table.sent[this.#slot] as number;
  }

  get configVersion(): number {
    return this.#core.table.versions[this.#slot] as number;
  }
}

/** NaN stands for what is not known yet. */
function known(duration: number | undefined): number | undefined {
  return Number.isNaN(duration) ? undefined : duration;
}

/** Bytes that the connection has moved since this was asked for the last time. */
export function takeTransfer({ table }: Core, slot: number): Transfer {
  const received = table.received[slot] as number;
  const sent = table.sent[slot] as number;
  const transfer = {
    received: received - (table.countedReceived[slot] as number),
    sent: sent - (table.countedSent[slot] as number),
  };
  table.countedReceived[slot] = received;
  table.countedSent[slot] = sent;
  return transfer;
}

/** A connection that ends now, good while that is told. */
export class EndedView extends ConnectionView implements ConnectionRecord {
  readonly duration: number;
  readonly closedBy: Side;
  readonly closedHow: CloseKind;
  readonly reason: Reason;
  readonly detail: string | undefined;
  readonly uncounted: Transfer;

  constructor(core: Core, slot: number, { by, how, reason, detail }: Ending) {
    super(core, slot);
    this.duration = core.now - (core.table.startedAt[slot] as number);
    this.closedBy = by;
    this.closedHow = how;
    this.reason = reason;
    this.detail = detail;
    this.uncounted = takeTransfer(core, slot);
  }
}
