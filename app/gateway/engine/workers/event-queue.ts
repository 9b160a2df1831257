import type { HealthEvent } from "../../health/monitor.ts";
import type { Outbox } from "../loop.ts";
import type { Connection, ConnectionRecord } from "../record.ts";
import { ConnectionRows } from "./connection-rows.ts";
import type { Events } from "./protocol.ts";

/** Milliseconds that an event waits for others at most. Waking the other thread costs both more than what it is told of some connections, and nobody there is in more of a hurry than this. */
const MAX_DELAY = 50;

/** Events that wait for no others. */
const BATCH = 512;

/** Gathers what happens, as each message to another thread has its price. A connection that begins and ends in one batch is told once. */
export class EventQueue implements Outbox {
  readonly #send: (events: Events) => void;
  readonly #begun: (delay: number) => void;
  readonly #connections = new ConnectionRows();
  /** Open, and nobody was told; by their numbers. */
  readonly #untold = new Map<number, Connection>();
  #healthChanges: HealthEvent[] = [];
  #acceptFailures: string[] = [];
  #faults: string[] = [];
  #length = 0;
  #due = Infinity;

  /** @param begun - told of the first event of a batch, and in how many milliseconds it is due */
  constructor(send: (events: Events) => void, begun: (delay: number) => void) {
    this.#send = send;
    this.#begun = begun;
  }

  get due(): number {
    return this.#due;
  }

  /** Looks at the connection until it is told to be closed. */
  opened(connection: Connection): void {
    this.#untold.set(connection.id, connection);
    this.#count();
  }

  closed(record: ConnectionRecord): void {
    this.#connections.closed(record, this.#untold.delete(record.id));
    this.#count();
  }

  connectFailed(connection: Connection, error: string): void {
    this.#connections.connectFailed(connection, error);
    this.#count();
  }

  healthChanged(event: HealthEvent): void {
    this.#healthChanges.push(event);
    this.#count();
  }

  acceptFailed(error: string): void {
    this.#acceptFailures.push(error);
    this.#count();
  }

  fault(description: string): void {
    this.#faults.push(description);
    this.#count();
  }

  flush(): void {
    if (this.#length === 0) return;
    for (const connection of this.#untold.values()) this.#connections.opened(connection);
    this.#untold.clear();
    const events: Events = {
      connections: this.#connections.take(),
      healthChanges: this.#healthChanges,
      acceptFailures: this.#acceptFailures,
      faults: this.#faults,
    };
    this.#healthChanges = [];
    this.#acceptFailures = [];
    this.#faults = [];
    this.#length = 0;
    this.#due = Infinity;
    this.#send(events);
  }

  #count(): void {
    this.#length++;
    if (this.#length === 1) {
      this.#due = performance.now() + MAX_DELAY;
      this.#begun(MAX_DELAY);
    } else if (this.#length >= BATCH) this.flush();
  }
}
