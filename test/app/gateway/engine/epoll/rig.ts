import assert from "node:assert/strict";
import { createDescriptors, closeDescriptors } from "../../../../../app/gateway/engine/epoll/descriptors.ts";
import { EpollLoop } from "../../../../../app/gateway/engine/epoll/loop.ts";
import { kind } from "../../../../../app/gateway/engine/epoll/fds.ts";
import { listenerKey } from "../../../../../app/gateway/engine/listeners.ts";
import { Pod } from "../../../../../app/gateway/engine/pod.ts";
import type { ConnectionRecord } from "../../../../../app/gateway/engine/record.ts";
import { ListeningSockets } from "../../../../../app/gateway/engine/workers/listening-sockets.ts";
import { systemClock } from "../../../../../app/gateway/clock.ts";
import { tcpProber } from "../../../../../app/gateway/health/tcp-prober.ts";
import { systemReadings } from "../../../../../app/gateway/limits/readings.ts";
import type { NativeCalls } from "../../../../../app/gateway/native/calls.ts";
import { loadLibc } from "../../../../../app/gateway/native/libc.ts";
import type { Listener } from "../../../../../routing/table.ts";
import { Client } from "../../../support/client.ts";
import { snapshotOf, type Declared } from "../../../support/snapshot.ts";

/** An epoll loop in the test's own thread, which has its turns between those of Node's event loop. */
export class LoopRig implements Disposable {
  readonly loop: EpollLoop;
  readonly pod: Pod;
  readonly accepted: number[] = [];
  readonly closed: Pick<ConnectionRecord, "id" | "reason" | "detail" | "attempts">[] = [];
  readonly failures: unknown[] = [];
  readonly pauses = { downstream: 0, upstream: 0 };
  readonly acceptFailures: string[] = [];
  readonly connectFailures: string[] = [];
  readonly #descriptors = createDescriptors();
  readonly #libc = loadLibc() ?? assert.fail("This machine has no epoll");
  readonly #wake = this.#libc.eventfd();
  readonly #ports = new Map<number, number>();
  #version = 0;
  #lastId = 0;
  #over = false;

  constructor(native?: NativeCalls) {
    this.pod = new Pod({
      workers: 1,
      clock: systemClock,
      random: Math.random,
      prober: tcpProber,
      readings: systemReadings,
      healthChanged: () => undefined,
      overloadChanged: () => undefined,
    });
    this.loop = new EpollLoop(
      {
        worker: 0,
        clock: systemClock,
        keepalive: undefined,
        plan: this.pod.plan,
        admission: this.pod.admission,
        nextId: () => ++this.#lastId,
        wake: this.#wake,
        descriptors: this.#descriptors,
        outbox: { due: Infinity, flush: () => undefined },
        busy: () => undefined,
        observer: {
          connectionAccepted: () => this.accepted.push(this.#lastId),
          connectionClosed: ({ id, reason, detail, attempts }) => this.closed.push({ id, reason, detail, attempts }),
          connectFailed: (_connection, error) => this.connectFailures.push(error),
          acceptFailed: (error) => this.acceptFailures.push(error),
          failed: (error) => this.failures.push(error),
          paused: (side) => this.pauses[side]++,
        },
      },
      native,
    );
    this.#drive();
  }

  /** Serves what is declared besides what was before. */
  async listen(declared: Declared): Promise<void> {
    const { listener, sockets } = this.#open(declared);
    this.#ports.set(declared.port, sockets.port);
    const fd = sockets.share(0);
    sockets.close();
    await this.loop.listen(listenerKey(listener), fd);
  }

  /** Has the loop listen and stop, so many times, on one socket that stays open elsewhere. */
  async comeAndGo(declared: Declared, times: number): Promise<void> {
    const { listener, sockets } = this.#open(declared);
    try {
      for (let time = 0; time < times; time++) {
        await this.loop.listen(listenerKey(listener), sockets.share(0));
        await this.loop.unlisten(listenerKey(listener));
      }
    } finally {
      sockets.close();
    }
  }

  connect(port: number): Promise<Client> {
    return Client.open(this.#ports.get(port) ?? assert.fail(`Nobody listens on ${port}`));
  }

  /** How many sockets of connections the loop holds. */
  get held(): number {
    return this.#count(kind.downstream) + this.#count(kind.upstream);
  }

  /** How many pipes it has, used or not. */
  get pipes(): number {
    // The other one of its own is the epoll set.
    return (this.#count(kind.own) - 1) / 2;
  }

  [Symbol.dispose](): void {
    this.#over = true;
    this.loop.end();
    closeDescriptors(this.#descriptors, this.#libc);
    this.#libc.close(this.#wake);
    this.pod.close();
  }

  #open(declared: Declared): { readonly listener: Listener; readonly sockets: ListeningSockets } {
    const snapshot = snapshotOf(++this.#version, [declared]);
    this.pod.follow(snapshot);
    const [listener] = snapshot.table.listeners;
    assert.ok(listener);
    return { listener, sockets: ListeningSockets.open(listener.bind, listener.bindPort, 1) };
  }

  #count(of: number): number {
    return new Uint8Array(this.#descriptors).reduce((count, is) => (is === of ? count + 1 : count), 0);
  }

  #drive(): void {
    if (this.#over) return;
    this.loop.turn(0);
    setImmediate(() => this.#drive());
  }
}
