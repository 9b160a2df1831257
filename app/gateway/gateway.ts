import type { Message } from "../../routing/message.ts";
import type { Snapshot } from "../../routing/table.ts";
import { systemClock, type Clock } from "./clock.ts";
import { drain, type DrainOptions, type Phase } from "./drain.ts";
import { hostPort } from "./engine/address.ts";
import type { ChosenEngine } from "./engine/choose.ts";
import type { Engine, EngineObserver, ListenerStatus } from "./engine/engine.ts";
import type { ConnectionRecord } from "./engine/record.ts";
import type { AccessLog } from "./log/access-log.ts";
import type { Logger } from "./log/logger.ts";

/** Connections whose records are kept for people to look at. */
const RECENT = 200;

/** Where a snapshot came from. */
export type ConfigSource = "cluster" | "files" | "saved snapshot";

/** What is being served. */
export interface AppliedConfig {
  readonly snapshot: Snapshot;
  readonly source: ConfigSource;
  /** What is wrong or not served among the declarations. */
  readonly messages: readonly Message[];
  readonly appliedAt: Date;
}

export interface GatewayOptions {
  readonly createEngine: (observer: EngineObserver) => Engine;
  /** Which engine that is, and why. */
  readonly chosen: ChosenEngine;
  readonly accessLog: AccessLog;
  readonly logger: Logger;
  readonly drain: DrainOptions;
  /** Told of all that happens, besides the logs. */
  readonly observer?: EngineObserver;
  readonly clock?: Clock;
}

/** A gateway at work, wherever its snapshots come from: the engine, what it told, and its life from start to drain. */
export class Gateway {
  readonly engine: Engine;
  /** Why it was chosen. */
  readonly chosen: ChosenEngine;
  readonly accessLog: AccessLog;
  readonly #options: GatewayOptions;
  readonly #clock: Clock;
  readonly #recent: ConnectionRecord[] = [];
  readonly #hurry = new AbortController();
  #config: AppliedConfig | undefined;
  #phase: Phase = "starting";
  #phaseEnd: number | undefined;
  #leaving = false;
  /** What readiness still waits for besides listeners. */
  #awaited = 0;
  #drained: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    const { observer, accessLog } = options;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.accessLog = accessLog;
    this.chosen = options.chosen;
    this.#logEngine();
    this.engine = options.createEngine({
      connectionOpened: (connection) => {
        accessLog.opened(connection);
        observer?.connectionOpened?.(connection);
      },
      connectFailed: (connection, error) => observer?.connectFailed?.(connection, error),
      connectionClosed: (record) => {
        accessLog.closed(record);
        this.#recent.push(record);
        if (this.#recent.length > RECENT) this.#recent.shift();
        observer?.connectionClosed?.(record);
      },
      workerFailed: (failure) => {
        const { worker, error, lost } = failure;
        if (lost === undefined)
          options.logger.error({ worker, error }, "A worker met a mistake of the program: it goes on");
        else
          options.logger.error({ worker, error, lost }, "A worker died with its connections: another takes its place");
        observer?.workerFailed?.(failure);
      },
      acceptFailed: (error) => {
        options.logger.error(`Cannot accept a connection: ${error}`);
        observer?.acceptFailed?.(error);
      },
      healthChanged: (event) => {
        const { cluster, endpoint, change, detail } = event;
        options.logger.warn(
          {
            cluster: cluster.name,
            endpoint: hostPort(endpoint.address, endpoint.port),
            pod: endpoint.pod,
            change,
            detail,
          },
          change === "ejected" || change === "check_failed"
            ? "An endpoint is left out"
            : "An endpoint is taken in again",
        );
        observer?.healthChanged?.(event);
      },
      overloadChanged: (event) => {
        options.logger.warn(
          event,
          event.shedding
            ? `Refusing new connections for want of ${event.resource}`
            : `Taking new connections again: there is enough of ${event.resource}`,
        );
        observer?.overloadChanged?.(event);
      },
      listenerChanged: (status) => {
        this.#logListener(status);
        this.#checkReady();
        observer?.listenerChanged?.(status);
      },
    });
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Whether a load balancer may send connections. */
  get ready(): boolean {
    return this.#phase === "serving";
  }

  /**
   * Whether the proxies of the nodes may send connections where no other pod could take them: what an EndpointSlice calls serving. A pod that is to go serves new connections until the end of the grace, as a load
   * balancer may not have heard of it yet.
   */
  get serving(): boolean {
    return this.ready || (this.#phase === "grace" && this.#leaving);
  }

  /** Milliseconds until the phase is over at the latest; undefined: it has no end that is known. */
  get phaseRemaining(): number | undefined {
    return this.#phaseEnd === undefined ? undefined : Math.max(0, this.#phaseEnd - this.#clock.monotonic());
  }

  get config(): AppliedConfig | undefined {
    return this.#config;
  }

  /** The last connections that ended, oldest first. */
  get recent(): readonly ConnectionRecord[] {
    return this.#recent;
  }

  /** A gateway that is starting is not ready before this has resolved: what its listeners need besides their ports. It must not reject. */
  readyAfter(condition: Promise<unknown>): void {
    this.#awaited++;
    void condition.then(() => {
      this.#awaited--;
      this.#checkReady();
    });
  }

  /** Serves a snapshot from now on; resolves when binding of every new listener was tried. */
  async apply(snapshot: Snapshot, source: ConfigSource, messages: readonly Message[]): Promise<void> {
    this.#config = { snapshot, source, messages, appliedAt: this.#clock.now() };
    const applied = this.engine.apply(snapshot);
    // Until then there may be listeners that the engine does not even tell of.
    this.readyAfter(applied);
    await applied;
    this.#options.logger.debug({ version: snapshot.version, source }, "Applied configuration");
  }

  /**
   * Takes the gateway out of service; resolves when no connection is left. Asked once more, it is the same drain.
   *
   * @param leaving - the pod is to go, and its endpoint is known to be terminating; else it is only its container that is to go
   */
  drain(leaving = false): Promise<void> {
    this.#leaving ||= leaving;
    this.#drained ??= drain({
      ...this.#options.drain,
      engine: this.engine,
      clock: this.#clock,
      logger: this.#options.logger,
      enter: (phase, end) => {
        this.#phase = phase;
        this.#phaseEnd = end;
      },
      signal: this.#hurry.signal,
    });
    return this.#drained;
  }

  /** As {@link drain}, but waits for nobody. */
  destroy(): Promise<void> {
    this.#hurry.abort();
    return this.drain();
  }

  /** Once every listener that can be served is open; one that fails later takes nothing from the others. */
  #checkReady(): void {
    if (this.#phase !== "starting" || this.#config === undefined || this.#awaited > 0) return;
    const pending = this.engine.listeners().some(({ state }) => state === "opening" || state === "failed");
    if (!pending) this.#phase = "serving";
  }

  #logEngine(): void {
    const { logger, chosen } = this.#options;
    const { name: engine, reason, crashed } = chosen;
    if (reason === undefined) logger.info({ engine }, "Moving bytes");
    else logger[crashed ? "warn" : "info"]({ engine }, `Moving bytes by Node's sockets as ${reason}`);
  }

  #logListener(status: ListenerStatus): void {
    const { port, bindPort } = status.listener;
    switch (status.state) {
      case "open":
        this.#options.logger.info({ port, bindPort: status.boundPort }, "Listening");
        break;
      case "failed":
        this.#options.logger.error({ port, bindPort }, status.error);
        break;
      case "opening":
        break;
    }
  }
}
