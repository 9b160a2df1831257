import type { Socket } from "node:net";
import type { Endpoint, Listener, ObjectReference } from "../../../../routing/table.ts";
import type { Clock } from "../../clock.ts";
import { plainAddress } from "../address.ts";
import type { Candidate } from "../balance.ts";
import { pickUntried, type Decision, type Plan, type Upstream } from "../plan.ts";
import {
  copyConnection,
  type CloseKind,
  type Connection,
  type ConnectionRecord,
  type Peer,
  type Reason,
  type Side,
} from "../record.ts";
import { Relay } from "./relay.ts";
import { abort, connectTo, keepAlive } from "./sockets.ts";

/** Endpoints that one connection tries at most, each once, before it is refused. */
const MAX_ATTEMPTS = 3;

/** What a connection needs of its engine. */
export interface ConnectionHost {
  /** From 0 up. */
  readonly worker: number;
  readonly clock: Clock;
  /** As in {@link EngineOptions}. */
  readonly keepalive: number | undefined;
  opened(connection: NetConnection): void;
  connectFailed(connection: NetConnection, error: string): void;
  closed(connection: NetConnection, record: ConnectionRecord): void;
  paused(side: "downstream" | "upstream"): void;
}

interface Ending {
  readonly by: Side;
  readonly how: CloseKind;
}

/** One client's connection: from its acceptance over the endpoints that are tried to its end. */
export class NetConnection implements Connection {
  readonly id: number;
  readonly worker: number;
  readonly start: Date;
  readonly downstream: Peer;
  readonly local: Peer;
  readonly listener: number;
  readonly gateway: ObjectReference;
  readonly route: Connection["route"];
  readonly cluster: Connection["cluster"];
  readonly configVersion: number;
  attempts = 0;
  connectDuration: number | undefined;
  bytesReceived = 0;
  bytesSent = 0;

  readonly #host: ConnectionHost;
  readonly #client: Socket;
  readonly #decision: Decision;
  readonly #startedAt: number;
  readonly #tried: Candidate[] = [];
  readonly #relay: Relay;
  #server: Socket | undefined;
  #activeAt: number;
  #cancelConnectTimeout: (() => void) | undefined;
  #cancelIdleTimeout: (() => void) | undefined;
  #cancelDurationLimit: (() => void) | undefined;
  /** What ended first. */
  #ending: Ending | undefined;
  #reason: Reason = "finished";
  #detail: string | undefined;
  #aborted = false;
  #closed = false;

  constructor(id: number, client: Socket, listener: Listener, plan: Plan, host: ConnectionHost) {
    this.id = id;
    this.worker = host.worker;
    this.#host = host;
    this.#client = client;
    this.start = host.clock.now();
    this.#startedAt = this.#activeAt = host.clock.monotonic();
    this.downstream = { address: plainAddress(client.remoteAddress ?? ""), port: client.remotePort ?? 0 };
    this.local = { address: plainAddress(client.localAddress ?? ""), port: client.localPort ?? 0 };
    this.listener = listener.port;
    this.configVersion = plan.version;

    const decision = (this.#decision = plan.decide(listener, this.downstream.address, this.local.address));
    this.gateway = decision.chain.gateway;
    this.route = decision.route && { virtualService: decision.route.virtualService, rule: decision.route.rule };
    this.cluster = decision.upstream?.cluster;

    this.#relay = new Relay(client, {
      received: (count) => {
        this.bytesReceived += count;
        this.#activeAt = host.clock.monotonic();
      },
      sent: (count) => {
        this.bytesSent += count;
        this.#activeAt = host.clock.monotonic();
      },
      paused: (side) => host.paused(side),
      ended: (side) => this.#ended(side, "FIN"),
    });
  }

  get endpoint(): Endpoint | undefined {
    return this.#tried.at(-1)?.endpoint;
  }

  /** Connects upstream, or refuses. */
  begin(): void {
    this.#client.on("error", (error) => this.#broken("downstream", error));
    this.#client.on("close", () => this.#settle());
    if (this.#decision.admitted) this.#tryNext(this.#decision.upstream);
    else this.#refuse(this.#decision.reason, this.#decision.detail);
  }

  /** Aborts both sides now (RST). */
  abort(reason: Reason, ending: Ending, detail?: string): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#ending ??= ending;
    this.#reason = reason;
    this.#detail = detail;
    abort(this.#client);
    if (this.#server !== undefined) abort(this.#server);
    this.#settle();
  }

  #tryNext(upstream: Upstream, failure?: { readonly reason: Reason; readonly detail: string }): void {
    const candidate = this.attempts < MAX_ATTEMPTS && pickUntried(upstream, this.#tried, this.downstream.address);
    if (!candidate) {
      this.#refuse(failure?.reason ?? "no_healthy_upstream", failure?.detail);
      return;
    }
    this.attempts++;
    this.#tried.push(candidate);
    candidate.gauge.tryAcquire(Infinity);

    const { trafficPolicy } = upstream.cluster;
    const server = (this.#server = connectTo(candidate.endpoint, this.#relay.onread));
    const failed = (reason: Reason, detail: string): void => {
      server
        .removeAllListeners()
        .on("error", () => undefined)
        .destroy();
      this.#cancelConnectTimeout?.();
      this.#server = undefined;
      candidate.gauge.release();
      this.#host.connectFailed(this, detail);
      if (!this.#client.destroyed) this.#tryNext(upstream, { reason, detail });
      else this.#settle();
    };
    this.#cancelConnectTimeout = this.#host.clock.after(trafficPolicy.connectTimeout, () =>
      failed(
        "upstream_connect_timeout",
        `No answer from ${candidate.endpoint.address} within ${trafficPolicy.connectTimeout} ms`,
      ),
    );
    server.once("error", (error) => failed("upstream_connect_failure", error.message));
    server.once("connect", () => {
      server.removeAllListeners("error");
      this.#connected(upstream, server);
    });
  }

  #connected({ cluster: { trafficPolicy } }: Upstream, server: Socket): void {
    const { clock, keepalive } = this.#host;
    this.#cancelConnectTimeout?.();
    this.#activeAt = clock.monotonic();
    this.connectDuration = this.#activeAt - this.#startedAt;
    keepAlive(server, trafficPolicy.tcpKeepalive, keepalive);
    // The way from the client has what cuts idle connections too: the cloud's load balancer.
    keepAlive(this.#client, trafficPolicy.tcpKeepalive, keepalive);
    server.on("error", (error) => this.#broken("upstream", error));
    server.on("close", () => this.#settle());
    if (trafficPolicy.idleTimeout > 0) this.#watchIdle(trafficPolicy.idleTimeout, trafficPolicy.idleTimeout);
    const limit = trafficPolicy.maxConnectionDuration;
    if (limit !== undefined) {
      this.#cancelDurationLimit = clock.after(limit, () =>
        this.abort("max_connection_duration", { by: "gateway", how: "timeout" }, `Open for ${limit} ms`),
      );
    }
    this.#host.opened(this);
    this.#relay.start(server);
  }

  /** Bytes only note their time; the timer looks at it when it is due, and goes on for what is left. */
  #watchIdle(limit: number, delay: number): void {
    this.#cancelIdleTimeout = this.#host.clock.after(delay, () => {
      const idle = this.#host.clock.monotonic() - this.#activeAt;
      if (idle < limit) this.#watchIdle(limit, Math.ceil(limit - idle));
      else this.abort("idle_timeout", { by: "gateway", how: "timeout" }, `No byte either way for ${limit} ms`);
    });
  }

  #ended(side: Side, how: CloseKind): void {
    this.#ending ??= { by: side, how };
  }

  #broken(side: "downstream" | "upstream", error: Error): void {
    this.abort(side === "downstream" ? "downstream_reset" : "upstream_reset", { by: side, how: "RST" }, error.message);
  }

  #refuse(reason: Reason, detail: string | undefined): void {
    this.abort(reason, { by: "gateway", how: "refused" }, detail);
  }

  /** Ends the record once both sockets are gone. */
  #settle(): void {
    if (this.#closed || !this.#client.destroyed || this.#server?.destroyed === false) return;
    this.#closed = true;
    this.#cancelConnectTimeout?.();
    this.#cancelIdleTimeout?.();
    this.#cancelDurationLimit?.();
    if (this.#decision.admitted) this.#decision.upstream.gauge.release();
    if (this.#server !== undefined) this.#tried.at(-1)?.gauge.release();
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
