import type { OnReadOpts, Socket } from "node:net";
import type { Host } from "../../balance/host.ts";
import type { Clock } from "../../clock.ts";
import type { Outcome } from "../../health/outlier.ts";
import { explainNoAnswer, explainNoEndpoint } from "../details.ts";
import type { Reason } from "../record.ts";
import { StageFailure } from "../stage-failure.ts";
import { MAX_ATTEMPTS, type Upstream } from "../upstream.ts";
import { abort, connectTo } from "./sockets.ts";

/** Who is told how the search for an endpoint goes. */
export interface ConnectorObserver {
  /** The search is over; called once at most. */
  connected(server: Socket): void;
  /** An endpoint did not answer; another one may be tried. */
  attemptFailed(host: Host, outcome: Outcome, error: string): void;
  /** No endpoint is left that may be tried; called once at most. */
  exhausted(reason: Reason, detail: string | undefined): void;
  /** The program made a mistake: the search cannot go on. */
  failed(error: unknown): void;
}

/** Sends an endpoint what comes before the client's first byte, and gives back what carries the stream. Rejects where that fails; another endpoint may be tried then. */
export type Dress = (server: Socket, signal: AbortSignal) => Promise<Socket>;

export interface ConnectorOptions {
  readonly upstream: Upstream;
  /** The client's address. */
  readonly client: string;
  readonly clock: Clock;
  /** undefined: what the endpoint sends is told by events. */
  readonly onread: OnReadOpts | undefined;
  /** undefined: the client's bytes come first. */
  readonly dress: Dress | undefined;
  readonly observer: ConnectorObserver;
}

/** Tries endpoints, one after the other, until one answers. No byte of the client's has been sent by then, so that another try loses none. */
export class Connector {
  readonly #upstream: Upstream;
  readonly #client: string;
  readonly #clock: Clock;
  readonly #onread: OnReadOpts | undefined;
  readonly #dress: Dress | undefined;
  readonly #observer: ConnectorObserver;
  /** Those that were asked, and those that were full when they were to be. */
  readonly #tried: Host[] = [];
  #host: Host | undefined;
  #attempts = 0;
  #server: Socket | undefined;
  #cancelTimeout: (() => void) | undefined;
  /** Ends what {@link Dress} does. */
  #dressing: AbortController | undefined;

  constructor({ upstream, client, clock, onread, dress, observer }: ConnectorOptions) {
    this.#upstream = upstream;
    this.#client = client;
    this.#clock = clock;
    this.#onread = onread;
    this.#dress = dress;
    this.#observer = observer;
  }

  /** The one that answered, else the one that was tried last; undefined: none was tried. */
  get host(): Host | undefined {
    return this.#host;
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** The one that answered, or is being asked. */
  get server(): Socket | undefined {
    return this.#server;
  }

  begin(): void {
    this.#tryNext(undefined);
  }

  /** Aborts the attempt, or the connection that came of it. */
  abort(): void {
    this.#cancelTimeout?.();
    this.#dressing?.abort();
    if (this.#server !== undefined) abort(this.#server);
  }

  /** Gives the endpoint's place back; to be called once its socket is gone. */
  release(): void {
    if (this.#server !== undefined) this.#host?.gauge.release();
    this.#server = undefined;
  }

  #tryNext(failure: { readonly reason: Reason; readonly detail: string } | undefined): void {
    const host = this.#attempts < MAX_ATTEMPTS ? this.#take() : undefined;
    if (host !== undefined) {
      this.#host = host;
      this.#attempts++;
      this.#try(host);
      return;
    }
    const { reason, detail } = failure ?? explainNoEndpoint(this.#upstream);
    this.#observer.exhausted(reason, detail);
  }

  /** Picks a host, and takes a place among its connections. */
  #take(): Host | undefined {
    const { balancer, cluster } = this.#upstream;
    const limit = cluster.trafficPolicy.maxConnectionsPerEndpoint ?? Infinity;
    for (;;) {
      const host = balancer.pick(this.#client, this.#tried);
      if (host === undefined) return undefined;
      this.#tried.push(host);
      // Another worker may have taken the last place since.
      if (host.gauge.tryAcquire(limit)) return host;
    }
  }

  #try(host: Host): void {
    const { cluster } = this.#upstream;
    const server = (this.#server = connectTo(host.endpoint, this.#onread));
    const failed = (reason: Reason, outcome: Outcome, detail: string): void => {
      this.#cancelTimeout?.();
      this.#dressing?.abort();
      server
        .removeAllListeners()
        .on("error", () => undefined)
        .destroy();
      this.release();
      try {
        this.#observer.attemptFailed(host, outcome, detail);
        this.#tryNext({ reason, detail });
      } catch (error) {
        this.#observer.failed(error);
      }
    };
    this.#cancelTimeout = this.#clock.after(cluster.trafficPolicy.connectTimeout, () => {
      const { reason, detail } = explainNoAnswer(host.endpoint, cluster);
      failed(reason, "connect_timeout", detail);
    });
    const broken = (error: Error): void => failed("upstream_connect_failure", "connect_failure", error.message);
    const done = (dressed: Socket): void => {
      this.#cancelTimeout?.();
      server.off("error", broken);
      this.#server = dressed;
      this.#observer.connected(dressed);
    };
    server.once("error", broken);
    server.once("connect", () => {
      if (this.#dress === undefined) done(server);
      else void this.#prepare(this.#dress, server, done, failed);
    });
  }

  async #prepare(
    dress: Dress,
    server: Socket,
    done: (dressed: Socket) => void,
    failed: (reason: Reason, outcome: Outcome, detail: string) => void,
  ): Promise<void> {
    const { signal } = (this.#dressing = new AbortController());
    try {
      const dressed = await dress(server, signal);
      if (!signal.aborted) done(dressed);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof StageFailure) failed(error.reason, "connect_failure", error.message);
      else this.#observer.failed(error);
    }
  }
}
