import type { Socket } from "node:net";
import type { Endpoint, Listener, ObjectReference } from "../../../../routing/table.ts";
import type { Clock } from "../../clock.ts";
import { plainAddress } from "../address.ts";
import type { Decision, Plan, Upstream } from "../plan.ts";
import {
  copyConnection,
  type ClientFacts,
  type CloseKind,
  type Connection,
  type ConnectionRecord,
  type Peer,
  type Reason,
  type Side,
} from "../record.ts";
import { Connector } from "./connector.ts";
import { Lifetime } from "./lifetime.ts";
import { prefacesOf, type Preface } from "./preface/index.ts";
import { Relay } from "./relay.ts";
import { abort, keepAlive } from "./sockets.ts";
import { StageFailure, type StageContext } from "./stage.ts";

/** What a connection needs of its engine. */
export interface ConnectionHost {
  /** From 0 up. */
  readonly worker: number;
  readonly clock: Clock;
  /** As in {@link EngineOptions}. */
  readonly keepalive: number | undefined;
  /** What connections are decided by at the moment. */
  plan: Plan;
  opened(connection: NetConnection): void;
  connectFailed(connection: NetConnection, error: string): void;
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
  connectDuration: number | undefined;
  bytesReceived = 0;
  bytesSent = 0;
  configVersion: number;

  readonly #host: ConnectionHost;
  readonly #listener: Listener;
  readonly #client: Socket;
  readonly #facts: ClientFacts;
  readonly #startedAt: number;
  readonly #lifetime: Lifetime;
  /** Ends a stage that takes its time; made where there is one. */
  #over: AbortController | undefined;
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

  constructor(id: number, client: Socket, listener: Listener, host: ConnectionHost) {
    this.id = id;
    this.worker = host.worker;
    this.#host = host;
    this.#client = client;
    this.#listener = listener;
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
    return route && { virtualService: route.virtualService, rule: route.rule };
  }

  get cluster(): Connection["cluster"] {
    return this.#decision?.upstream?.cluster;
  }

  get endpoint(): Endpoint | undefined {
    return this.#connector?.candidate?.endpoint;
  }

  get attempts(): number {
    return this.#connector?.attempts ?? 0;
  }

  /** Takes the first stage; the others follow by themselves. */
  begin(): void {
    this.#client.on("error", (error) => this.#broken("downstream", error));
    this.#client.on("close", () => this.#settle());
    const prefaces = prefacesOf(this.#listener, this.#facts);
    if (prefaces.length === 0) this.#safely(() => this.#decide());
    else void this.#readPrefaces(prefaces);
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

  async #readPrefaces(prefaces: readonly Preface[]): Promise<void> {
    this.#over = new AbortController();
    const context: StageContext = { clock: this.#host.clock, signal: this.#over.signal };
    try {
      for (const preface of prefaces) await preface(this.#client, this.#facts, context);
      if (!this.#aborted) this.#decide();
    } catch (error) {
      if (error instanceof StageFailure) this.#refuse(error.reason, error.message);
      else this.#failed(error);
    }
  }

  #decide(): void {
    const { plan } = this.#host;
    const decision = (this.#decision = plan.decide(this.#listener, this.#facts));
    this.configVersion = plan.version;
    if (decision.reason === undefined) this.#admit(decision.upstream);
    else this.#refuse(decision.reason, decision.detail);
  }

  #admit(upstream: Upstream): void {
    const { name, trafficPolicy } = upstream.cluster;
    const limit = trafficPolicy.maxConnections ?? Infinity;
    if (!upstream.gauge.tryAcquire(limit)) {
      this.#refuse("connection_limit", `Cluster ${name} has ${limit} connections, its maxConnections`);
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
        this.bytesSent += count;
        this.#lifetime.active();
      },
      paused: (side) => this.#host.paused(side),
      ended: (side) => (this.#ending ??= { by: side, how: "FIN" }),
      failed: (error) => this.#failed(error),
    });
    this.#connector = new Connector(upstream, this.downstream.address, this.#host.clock, relay.onread, {
      connected: (server) => this.#safely(() => this.#relay(upstream, server, relay)),
      attemptFailed: (error) => this.#host.connectFailed(this, error),
      exhausted: (reason, detail) => this.#refuse(reason, detail),
    });
    this.#connector.begin();
  }

  #relay({ cluster: { trafficPolicy } }: Upstream, server: Socket, relay: Relay): void {
    const { clock, keepalive } = this.#host;
    this.connectDuration = clock.monotonic() - this.#startedAt;
    keepAlive(server, trafficPolicy.tcpKeepalive, keepalive);
    // The way from the client has what cuts idle connections too: the cloud's load balancer.
    keepAlive(this.#client, trafficPolicy.tcpKeepalive, keepalive);
    server.on("error", (error) => this.#broken("upstream", error));
    server.on("close", () => this.#settle());
    this.#lifetime.begin(trafficPolicy, (reason, detail) =>
      this.abort(reason, { by: "gateway", how: "timeout" }, detail),
    );
    this.#host.opened(this);
    relay.start(server);
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
    this.#over?.abort();
    this.#lifetime.end();
    this.#admitted?.gauge.release();
    this.#connector?.release();
    this.#host.closed(this, this.#record());
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
    };
  }
}
