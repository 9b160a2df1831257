import type { OnReadOpts, Socket } from "node:net";
import type { Clock } from "../../clock.ts";
import type { Candidate } from "../balance.ts";
import { pickUntried, type Upstream } from "../plan.ts";
import type { Reason } from "../record.ts";
import { abort, connectTo } from "./sockets.ts";

/** Endpoints that one connection tries at most, each once, before it is refused. */
const MAX_ATTEMPTS = 3;

/** Who is told how the search for an endpoint goes. */
export interface ConnectorObserver {
  /** The search is over; called once at most. */
  connected(server: Socket): void;
  /** An endpoint did not answer; another one may be tried. */
  attemptFailed(error: string): void;
  /** No endpoint is left that may be tried; called once at most. */
  exhausted(reason: Reason, detail: string | undefined): void;
}

/** Tries endpoints, one after the other, until one answers. No byte of the client's has been sent by then, so that another try loses none. */
export class Connector {
  readonly #upstream: Upstream;
  readonly #client: string;
  readonly #clock: Clock;
  readonly #onread: OnReadOpts;
  readonly #observer: ConnectorObserver;
  readonly #tried: Candidate[] = [];
  #server: Socket | undefined;
  #cancelTimeout: (() => void) | undefined;

  /** @param client - the client's address */
  constructor(upstream: Upstream, client: string, clock: Clock, onread: OnReadOpts, observer: ConnectorObserver) {
    this.#upstream = upstream;
    this.#client = client;
    this.#clock = clock;
    this.#onread = onread;
    this.#observer = observer;
  }

  /** The one that answered, else the one that was tried last; undefined: none was tried. */
  get candidate(): Candidate | undefined {
    return this.#tried.at(-1);
  }

  get attempts(): number {
    return this.#tried.length;
  }

  /** The one that answered, or is being asked. */
  get server(): Socket | undefined {
    return this.#server;
  }

  begin(): void {
    this.#tryNext("no_healthy_upstream", undefined);
  }

  /** Aborts the attempt, or the connection that came of it. */
  abort(): void {
    this.#cancelTimeout?.();
    if (this.#server !== undefined) abort(this.#server);
  }

  /** Gives the endpoint's place back; to be called once its socket is gone. */
  release(): void {
    if (this.#server !== undefined) this.candidate?.gauge.release();
    this.#server = undefined;
  }

  #tryNext(reason: Reason, detail: string | undefined): void {
    const candidate = this.attempts < MAX_ATTEMPTS ? pickUntried(this.#upstream, this.#tried, this.#client) : undefined;
    if (candidate === undefined) {
      this.#observer.exhausted(reason, detail);
      return;
    }
    this.#tried.push(candidate);
    candidate.gauge.tryAcquire(Infinity);
    this.#try(candidate);
  }

  #try({ endpoint }: Candidate): void {
    const { connectTimeout } = this.#upstream.cluster.trafficPolicy;
    const server = (this.#server = connectTo(endpoint, this.#onread));
    const failed = (reason: Reason, detail: string): void => {
      this.#cancelTimeout?.();
      server
        .removeAllListeners()
        .on("error", () => undefined)
        .destroy();
      this.release();
      this.#observer.attemptFailed(detail);
      this.#tryNext(reason, detail);
    };
    this.#cancelTimeout = this.#clock.after(connectTimeout, () =>
      failed("upstream_connect_timeout", `No answer from ${endpoint.address} within ${connectTimeout} ms`),
    );
    server.once("error", (error) => failed("upstream_connect_failure", error.message));
    server.once("connect", () => {
      this.#cancelTimeout?.();
      server.removeAllListeners("error");
      this.#observer.connected(server);
    });
  }
}
