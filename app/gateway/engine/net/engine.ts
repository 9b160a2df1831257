import type { Socket } from "node:net";
import type { Listener, Snapshot } from "../../../../routing/table.ts";
import { systemClock, type Clock } from "../../clock.ts";
import type { Engine, EngineObserver, EngineOptions, ListenerStatus } from "../engine.ts";
import { createLedger } from "../ledger.ts";
import { createPlan, gaugeName, type Plan } from "../plan.ts";
import type { Connection } from "../record.ts";
import { NetConnection, type ConnectionHost } from "./connection.ts";
import { ListenerSocket, type SocketState } from "./listener.ts";

export interface NetEngineOptions extends EngineOptions {
  /** From 0 up to but without 1. */
  readonly random?: () => number;
}

/** What one address and port is served by: the declared listener may change while the socket stays. */
interface Slot {
  listener: Listener;
  /** undefined: not supported. */
  readonly socket: ListenerSocket | undefined;
}

/** The engine on Node's own sockets, in one event loop. */
export class NetEngine implements Engine {
  readonly name = "net";
  readonly #observer: EngineObserver;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #ledger = createLedger();
  readonly #connections = new Set<NetConnection>();
  readonly #idle = new Set<() => void>();
  readonly #host: ConnectionHost;
  #slots: ReadonlyMap<string, Slot> = new Map();
  #plan: Plan | undefined;
  #nextId = 1;
  #stopped = false;
  #downstreamPauses = 0;
  #upstreamPauses = 0;

  constructor({ observer, clock = systemClock, keepalive, random = Math.random }: NetEngineOptions) {
    this.#observer = observer;
    this.#clock = clock;
    this.#random = random;
    this.#host = {
      clock,
      keepalive,
      opened: (connection) => observer.connectionOpened?.(connection),
      connectFailed: (connection, error) => observer.connectFailed?.(connection, error),
      closed: (connection, record) => {
        this.#connections.delete(connection);
        observer.connectionClosed?.(record);
        if (this.#connections.size === 0) this.#wakeIdle();
      },
      paused: (side) => {
        if (side === "downstream") this.#downstreamPauses++;
        else this.#upstreamPauses++;
      },
    };
  }

  get counters(): Engine["counters"] {
    return { downstreamPauses: this.#downstreamPauses, upstreamPauses: this.#upstreamPauses };
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  connections(): Iterable<Connection> {
    return this.#connections.values();
  }

  active(cluster: string, endpoint?: { readonly address: string; readonly port: number }): number {
    return this.#ledger.value(gaugeName(cluster, endpoint));
  }

  listeners(): readonly ListenerStatus[] {
    return [...this.#slots.values()].map(statusOf);
  }

  async apply(snapshot: Snapshot): Promise<void> {
    this.#plan = createPlan(snapshot, { ledger: this.#ledger, random: this.#random });
    if (this.#stopped) return;
    const before = this.#slots;
    const slots = new Map<string, Slot>();
    const opening: Promise<void>[] = [];
    for (const listener of snapshot.table.listeners) {
      const key = slotKey(listener);
      const kept = before.get(key);
      if (kept !== undefined) {
        kept.listener = listener;
        slots.set(key, kept);
      } else slots.set(key, this.#createSlot(listener));
    }
    this.#slots = slots;
    for (const [key, { socket }] of before) if (!slots.has(key)) socket?.close();
    for (const [key, { socket }] of slots) if (!before.has(key) && socket !== undefined) opening.push(socket.open());
    await Promise.all(opening);
  }

  stopListening(): void {
    this.#stopped = true;
    for (const { socket } of this.#slots.values()) socket?.close();
    this.#slots = new Map();
  }

  idle(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.add(resolve));
  }

  async destroy(): Promise<void> {
    this.stopListening();
    for (const connection of [...this.#connections]) connection.abort("drain", { by: "gateway", how: "drain" });
    await this.idle();
  }

  #createSlot(listener: Listener): Slot {
    const unsupported = whyUnsupported(listener);
    if (unsupported !== undefined) {
      const slot: Slot = { listener, socket: undefined };
      this.#observer.listenerChanged?.(statusOf(slot));
      return slot;
    }
    const slot: Slot = {
      listener,
      socket: new ListenerSocket(listener, {
        clock: this.#clock,
        accept: (client) => this.#accept(client, slot.listener),
        changed: () => this.#observer.listenerChanged?.(statusOf(slot)),
      }),
    };
    return slot;
  }

  #accept(client: Socket, listener: Listener): void {
    if (this.#plan === undefined) {
      client.destroy();
      return;
    }
    const connection = new NetConnection(this.#nextId++, client, listener, this.#plan, this.#host);
    this.#connections.add(connection);
    connection.begin();
  }

  #wakeIdle(): void {
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }
}

function statusOf({ listener, socket }: Slot): ListenerStatus {
  const state: SocketState | undefined = socket?.state;
  if (state === undefined) return { listener, state: "unsupported", error: whyUnsupported(listener) ?? "" };
  return { listener, ...state };
}

/** Whether a socket can go on for another listener: the same address, the same port, and the same way of reading what comes. */
function slotKey(listener: Listener): string {
  const { bind = "*", bindPort, port } = listener;
  const supported = whyUnsupported(listener) === undefined ? "" : " unsupported";
  // Port 0 stands for a different free port each time.
  return `${bind} ${bindPort === 0 ? `0 for ${port}` : bindPort}${supported}`;
}

function whyUnsupported({ port, chains }: Listener): string | undefined {
  const tls = chains.find(({ protocol }) => protocol === "TLS");
  if (tls === undefined) return undefined;
  const { namespace, name } = tls.gateway;
  return `Port ${port} is not served as server ${tls.server} of Gateway ${namespace}/${name} has protocol TLS, which this version of the gateway does not serve: declare TCP to pass the bytes through`;
}
