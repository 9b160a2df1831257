import type { Socket } from "node:net";
import type { Cluster, Endpoint, Listener, ObjectReference, ServerTls } from "../../../../routing/table.ts";
import type { Clock } from "../../clock.ts";
import { parseAddress } from "../../../../routing/subnet.ts";
import type { Host } from "../../balance/host.ts";
import type { Outcome } from "../../health/outlier.ts";
import type { Admission, Place } from "../../limits/admission.ts";
import { processTime } from "../../shared/rows.ts";
import { plainAddress } from "../address.ts";
import { matchedRoute } from "../matched-route.ts";
import { explainFullCluster, explainRefusal } from "../details.ts";
import type { Decision, Plan, PlannedListener } from "../plan.ts";
import { prefacesOf } from "../preface/index.ts";
import type { Preface } from "../preface/preface.ts";
import {
  copyConnection,
  type ClientFacts,
  type CloseKind,
  type Connection,
  type ConnectionRecord,
  type Peer,
  type Reason,
  type Side,
  type Transfer,
} from "../record.ts";
import { StageFailure } from "../stage-failure.ts";
import type { Upstream } from "../upstream.ts";
import { Connector } from "./connector.ts";
import { dressUpstream, isDressed } from "./dress.ts";
import { Lifetime } from "./lifetime.ts";
import { readPreface } from "./first-bytes.ts";
import { Relay } from "./relay.ts";
import { abort, keepAlive } from "./sockets.ts";
import type { StageContext } from "./stage.ts";
import type { TlsContexts } from "./tls/contexts.ts";
import { terminateTls } from "./tls/terminate.ts";

/** What an address is read into. */
const addressGroups = new Uint16Array(8);

/** What a connection needs of its engine. */
export interface ConnectionHost {
  /** From 0 up. */
  readonly worker: number;
  readonly clock: Clock;
  /** As in {@link EngineOptions}. */
  readonly keepalive: number | undefined;
  /** What connections are decided by at the moment. */
  readonly plan: Plan;
  readonly admission: Admission;
  readonly tls: TlsContexts;
  opened(connection: NetConnection): void;
  connectFailed(connection: NetConnection, error: string): void;
  /** What happened here made outlier detection leave an endpoint out. */
  ejected(cluster: Cluster, endpoint: Endpoint, detail: string): void;
  closed(connection: NetConnection, record: ConnectionRecord): void;
  paused(side: "downstream" | "upstream"): void;
  /** The program made a mistake, which ends this connection alone. */
  failed(error: unknown): void;
}

interface Ending {
  readonly by: Side;
  readonly how: CloseKind;
}

/**
 * One client's connection, from its acceptance to its end: [preface] → decide → admit → connect → relay. Each stage is left for the next, or for the end: {@link NetConnection.abort} from
 * any of them.
 */
export class NetConnection implements Connection {
  readonly id: number;
  readonly worker: number;
  readonly start: Date;
  readonly listener: number;
  prefaceDuration: number | undefined;
  handshakeDuration: number | undefined;
  connectDuration: number | undefined;
  bytesReceived = 0;
  bytesSent = 0;
  configVersion: number;

  readonly #host: ConnectionHost;
  readonly #listener: Listener;
  /** The listener's row. */
  readonly #row: number;
  /** What carries the client's stream: the socket, or TLS over it. */
  #client: Socket;
  readonly #facts: ClientFacts;
  readonly #startedAt: number;
  #connectingSince = 0;
  readonly #lifetime: Lifetime;
  /** What {@link NetConnection.takeTransfer} has given. */
  #counted: Transfer = { received: 0, sent: 0 };
  /** Ends a stage that takes its time; made where there is one. */
  #over: AbortController | undefined;
  #place: Place | undefined;
  #decision: Decision | undefined;
  #connector: Connector | undefined;
  /** Whose place in the cluster this connection has. */
  #admitted: Upstream | undefined;
  /** What ended first. */
  #ending: Ending | undefined;
  #reason: Reason = "finished";
  #detail: string | undefined;
  #aborted = false;
  #closed = false;

  constructor(id: number, client: Socket, { listener, row }: PlannedListener, host: ConnectionHost) {
    this.id = id;
    this.worker = host.worker;
    this.#host = host;
    this.#client = client;
    this.#listener = listener;
    this.#row = row;
    this.listener = listener.port;
    this.configVersion = host.plan.version;
    this.start = host.clock.now();
    this.#startedAt = host.clock.monotonic();
    this.#lifetime = new Lifetime(host.clock);
    const direct = { address: plainAddress(client.remoteAddress ?? ""), port: client.remotePort ?? 0 };
    const local = { address: plainAddress(client.localAddress ?? ""), port: client.localPort ?? 0 };
    this.#facts = {
      downstream: direct,
      local,
      direct,
      serverName: undefined,
      alpn: [],
      proxyProtocol: undefined,
      tls: undefined,
      uniqueId: undefined,
    };
  }

  get downstream(): Peer {
    return this.#facts.downstream;
  }

  get local(): Peer {
    return this.#facts.local;
  }

  get direct(): Peer {
    return this.#facts.direct;
  }

  get serverName(): string | undefined {
    return this.#facts.serverName;
  }

  get alpn(): Connection["alpn"] {
    return this.#facts.alpn;
  }

  get proxyProtocol(): Connection["proxyProtocol"] {
    return this.#facts.proxyProtocol;
  }

  get tls(): Connection["tls"] {
    return this.#facts.tls;
  }

  get uniqueId(): string | undefined {
    return this.#facts.uniqueId;
  }

  get gateway(): ObjectReference {
    return (this.#decision?.chain ?? this.#listener.chains[0]).gateway;
  }

  get route(): Connection["route"] {
    const route = this.#decision?.route;
    return route && matchedRoute(route, this.cluster);
  }

  get cluster(): Connection["cluster"] {
    return this.#decision?.upstream?.cluster;
  }

  get endpoint(): Endpoint | undefined {
    return this.#connector?.host?.endpoint;
  }

  get attempts(): number {
    return this.#connector?.attempts ?? 0;
  }

  /** Takes the first stage; the others follow by themselves. */
  begin(): void {
    this.#watchClient();
    this.#safely(() => this.#enter());
  }

  /** Bytes that were moved since this was asked for the last time. */
  takeTransfer(): Transfer {
    const { received, sent } = this.#counted;
    this.#counted = { received: this.bytesReceived, sent: this.bytesSent };
    return { received: this.bytesReceived - received, sent: this.bytesSent - sent };
  }

  #watchClient(): void {
    this.#client.on("error", (error) => this.#broken("downstream", error));
    this.#client.on("close", () => this.#settle());
  }

  /** Aborts both sides now (RST). */
  abort(reason: Reason, ending: Ending, detail?: string): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#ending ??= ending;
    this.#reason = reason;
    this.#detail = detail;
    this.#over?.abort();
    abort(this.#client);
    this.#connector?.abort();
    this.#settle();
  }

  /** Takes a place on the listener, which is this connection's even before anything is known of its client. */
  #enter(): void {
    const entered = this.#host.admission.enter(this.#row, this.#listener.policy);
    if (typeof entered === "string") {
      this.#refuse(entered, explainRefusal(entered, this.#listener, this.downstream.address));
      return;
    }
    this.#place = entered;
    const prefaces = prefacesOf(this.#listener, () => this.direct.address);
    if (prefaces.length === 0) this.#identify(entered);
    else void this.#readPrefaces(prefaces, entered);
  }

  async #readPrefaces(prefaces: readonly Preface[], place: Place): Promise<void> {
    await this.#stage(async (context) => {
      for (const preface of prefaces) await readPreface(this.#client, preface, this.#facts, context);
      return () => this.#identify(place);
    });
  }

  /** A stage that takes its time, and what follows it. */
  async #stage(run: (context: StageContext) => Promise<() => void>): Promise<void> {
    const over = (this.#over = new AbortController());
    try {
      const next = await run(this.#context(over.signal));
      this.#over = undefined;
      if (!this.#aborted && !this.#closed) next();
    } catch (error) {
      this.#over = undefined;
      if (error instanceof StageFailure) this.#refuse(error.reason, error.message);
      else this.#failed(error);
    }
  }

  #context(signal: AbortSignal): StageContext {
    return { clock: this.#host.clock, signal, tls: this.#host.tls };
  }

  /** Takes a place among the connections of the client, now that it is known who that is. */
  #identify(place: Place): void {
    const { policy } = this.#listener;
    // What is no address has no limit of its own.
    const known = parseAddress(this.downstream.address, addressGroups);
    const refusal = known ? this.#host.admission.identify(place, policy, addressGroups, processTime()) : undefined;
    if (refusal === undefined) this.#decide();
    else this.#refuse(refusal, explainRefusal(refusal, this.#listener, this.downstream.address));
  }

  #decide(): void {
    const { plan, clock } = this.#host;
    this.prefaceDuration = clock.monotonic() - this.#startedAt;
    const decision = (this.#decision = plan.decide(this.#listener, this.#facts));
    this.configVersion = plan.version;
    if (decision.reason !== undefined) this.#refuse(decision.reason, decision.detail);
    else if (decision.chain?.tls === undefined) this.#admit(decision.upstream);
    else void this.#endTls(decision.chain.tls, decision.upstream);
  }

  async #endTls(tls: ServerTls, upstream: Upstream): Promise<void> {
    await this.#stage(async (context) => {
      const { tlsHandshakeTimeout } = this.#listener.policy;
      const since = context.clock.monotonic();
      this.#client = await terminateTls(this.#client, tls, tlsHandshakeTimeout, this.#facts, context);
      this.handshakeDuration = context.clock.monotonic() - since;
      this.#watchClient();
      return () => this.#admit(upstream);
    });
  }

  #admit(upstream: Upstream): void {
    if (!upstream.gauge.tryAcquire(upstream.cluster.trafficPolicy.maxConnections ?? Infinity)) {
      this.#refuse("connection_limit", explainFullCluster(upstream.cluster));
      return;
    }
    this.#admitted = upstream;
    this.#connect(upstream);
  }

  #connect(upstream: Upstream): void {
    const relay = new Relay(this.#client, {
      received: (count) => {
        this.bytesReceived += count;
        this.#lifetime.active();
      },
      sent: (count) => {
        if (this.bytesSent === 0) this.#answered();
        this.bytesSent += count;
        this.#lifetime.active();
      },
      paused: (side) => this.#host.paused(side),
      ended: (side) => {
        this.#ending ??= { by: side, how: "FIN" };
        if (side === "upstream") this.#answered();
      },
      failed: (error) => this.#failed(error),
    });
    const { trafficPolicy } = upstream.cluster;
    this.#connector = new Connector({
      upstream,
      client: this.downstream.address,
      clock: this.#host.clock,
      onread: trafficPolicy.tls === undefined ? relay.onread : undefined,
      dress: isDressed(trafficPolicy)
        ? (server, signal) => dressUpstream(server, trafficPolicy, this.#facts, this.#context(signal))
        : undefined,
      observer: {
        connected: (server) => this.#safely(() => this.#relay(upstream, server, relay)),
        attemptFailed: (host, outcome, error) => {
          this.#host.connectFailed(this, error);
          this.#report(host, outcome, error);
        },
        exhausted: (reason, detail) => this.#refuse(reason, detail),
        failed: (error) => this.#failed(error),
      },
    });
    this.#connectingSince = this.#host.clock.monotonic();
    this.#connector.begin();
  }

  #relay({ cluster: { trafficPolicy } }: Upstream, server: Socket, relay: Relay): void {
    const { clock, keepalive } = this.#host;
    this.connectDuration = clock.monotonic() - this.#connectingSince;
    keepAlive(server, trafficPolicy.tcpKeepalive, keepalive);
    // The way from the client has what cuts idle connections too: the cloud's load balancer.
    keepAlive(this.#client, trafficPolicy.tcpKeepalive, keepalive);
    server.on("error", (error) => {
      this.#safely(() => this.#report(this.#connector?.host, "reset", error.message));
      this.#broken("upstream", error);
    });
    server.on("close", () => this.#settle());
    this.#lifetime.begin(trafficPolicy, (reason, detail) =>
      this.abort(reason, { by: "gateway", how: "timeout" }, detail),
    );
    this.#host.opened(this);
    relay.start(server);
  }

  /** The upstream is alive: it sent its first byte, or its FIN. */
  #answered(): void {
    this.#report(this.#connector?.host, "success", "");
  }

  #report(host: Host | undefined, outcome: Outcome, detail: string): void {
    const outliers = this.#admitted?.outliers;
    if (host === undefined || outliers === undefined || this.cluster === undefined) return;
    if (outliers.report(host.row, outcome, processTime())) this.#host.ejected(this.cluster, host.endpoint, detail);
  }

  #broken(side: "downstream" | "upstream", error: Error): void {
    this.abort(side === "downstream" ? "downstream_reset" : "upstream_reset", { by: side, how: "RST" }, error.message);
  }

  #refuse(reason: Reason, detail: string | undefined): void {
    this.abort(reason, { by: "gateway", how: "refused" }, detail);
  }

  #safely(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#host.failed(error);
    this.abort("internal_error", { by: "gateway", how: "refused" }, String(error));
  }

  /** Ends the record once both sockets are gone. */
  #settle(): void {
    if (this.#closed || !this.#client.destroyed || this.#connector?.server?.destroyed === false) return;
    this.#closed = true;
    if (this.#over !== undefined && !this.#aborted) {
      this.#reason = "client_closed_early";
      this.#detail = "The client closed before its stream began";
    }
    this.#over?.abort();
    this.#lifetime.end();
    this.#admitted?.gauge.release();
    if (this.#place !== undefined) this.#host.admission.leave(this.#place);
    this.#connector?.release();
    try {
      this.#host.closed(this, this.#record());
    } catch (error) {
      this.#host.failed(error);
    }
  }

  #record(): ConnectionRecord {
    const { by, how } = this.#ending ?? { by: "downstream", how: "FIN" };
    return {
      ...copyConnection(this),
      duration: this.#host.clock.monotonic() - this.#startedAt,
      closedBy: by,
      closedHow: how,
      reason: this.#reason,
      detail: this.#detail,
      uncounted: this.takeTransfer(),
    };
  }
}
