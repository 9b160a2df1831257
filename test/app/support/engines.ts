import type {
  Engine,
  EngineObserver,
  EngineOptions,
  ListenerStatus,
  WorkerFailure,
} from "../../../app/gateway/engine/engine.ts";
import type { HealthEvent } from "../../../app/gateway/health/monitor.ts";
import type { OverloadEvent } from "../../../app/gateway/limits/overload.ts";
import { NetEngine } from "../../../app/gateway/engine/net/engine.ts";
import { WorkersEngine } from "../../../app/gateway/engine/workers/engine.ts";
import type { Connection, ConnectionRecord } from "../../../app/gateway/engine/record.ts";
import { Client } from "./client.ts";
import { snapshotOf, type Declared } from "./snapshot.ts";

/** All engines that this machine can run: every test of the suite is run with each. */
export const engines: readonly {
  readonly name: string;
  create(observer: EngineObserver, options?: Omit<EngineOptions, "observer">): Engine;
}[] = [
  { name: "net", create: (observer, options) => new NetEngine({ observer, ...options }) },
  {
    name: "net with two workers",
    create: (observer, options) => new WorkersEngine({ observer, workers: 2, ...options }),
  },
  {
    name: "epoll",
    create: (observer, options) => new WorkersEngine({ observer, engine: "epoll", workers: 1, ...options }),
  },
  {
    name: "epoll with two workers",
    create: (observer, options) => new WorkersEngine({ observer, engine: "epoll", workers: 2, ...options }),
  },
];

/** An engine at work, with what it told. */
export class Rig implements AsyncDisposable {
  readonly engine: Engine;
  readonly opened: Connection[] = [];
  readonly closed: ConnectionRecord[] = [];
  readonly connectFailures: string[] = [];
  readonly health: HealthEvent[] = [];
  readonly overload: OverloadEvent[] = [];
  readonly acceptFailures: string[] = [];
  readonly faults: WorkerFailure[] = [];
  #version = 0;
  readonly #waiting = new Set<() => void>();

  constructor(create: (observer: EngineObserver) => Engine) {
    this.engine = create({
      connectionOpened: (connection) => {
        this.opened.push(connection);
        this.#wake();
      },
      connectionClosed: (record) => {
        this.closed.push(record);
        this.#wake();
      },
      listenerChanged: () => this.#wake(),
      connectFailed: (_connection, error) => {
        this.connectFailures.push(error);
        this.#wake();
      },
      healthChanged: (event) => {
        this.health.push(event);
        this.#wake();
      },
      overloadChanged: (event) => {
        this.overload.push(event);
        this.#wake();
      },
      acceptFailed: (error) => {
        this.acceptFailures.push(error);
        this.#wake();
      },
      workerFailed: (failure) => {
        this.faults.push(failure);
        this.#wake();
      },
    });
  }

  apply(...declared: Declared[]): Promise<void> {
    return this.engine.apply(snapshotOf(++this.#version, declared));
  }

  /** The port that a declared port is bound to. */
  bound(port: number): number {
    const status = this.engine.listeners().find(({ listener }) => listener.port === port);
    if (status?.state !== "open") throw new Error(`Port ${port} is ${status?.state ?? "not there"}`);
    return status.boundPort;
  }

  connect(port: number, options?: { localAddress?: string }): Promise<Client> {
    return Client.open(this.bound(port), options);
  }

  /** Waits until so many connections are over, and gives the last of them. */
  async record(count = 1): Promise<ConnectionRecord> {
    await this.#until(() => this.closed.length >= count);
    const record = this.closed[count - 1];
    if (record === undefined) throw new Error("No record");
    return record;
  }

  /** Waits until so many connections have been opened. */
  async untilOpened(count: number): Promise<void> {
    await this.#until(() => this.opened.length >= count);
  }

  /** Waits until what was told fulfils a condition. */
  until(condition: () => boolean): Promise<void> {
    return this.#until(condition);
  }

  /** Waits until a listener is in a state. */
  async untilListener(condition: (status: ListenerStatus) => boolean): Promise<void> {
    await this.#until(() => this.engine.listeners().some(condition));
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }

  #until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.engine.destroy();
  }
}
