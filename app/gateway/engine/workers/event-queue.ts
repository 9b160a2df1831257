import type { HealthEvent } from "../../health/monitor.ts";
import type { Connection, ConnectionRecord } from "../record.ts";
import type { Events } from "./protocol.ts";

type Lists = { [Kind in keyof Events]: Events[Kind][number][] };

/** Gathers what happens in one turn of the event loop, as each message to another thread has its price; what connections of one message have in common is copied once. */
export class EventQueue {
  readonly #send: (events: Events) => void;
  #lists: Lists | undefined;

  constructor(send: (events: Events) => void) {
    this.#send = send;
  }

  opened(connection: Connection): void {
    this.#gather().opened.push(connection);
  }

  closed(record: ConnectionRecord): void {
    this.#gather().closed.push(record);
  }

  connectFailed(connection: Connection, error: string): void {
    this.#gather().connectFailures.push([connection, error]);
  }

  healthChanged(event: HealthEvent): void {
    this.#gather().healthChanges.push(event);
  }

  acceptFailed(error: string): void {
    this.#gather().acceptFailures.push(error);
  }

  fault(description: string): void {
    this.#gather().faults.push(description);
  }

  /** Sends now what there is. */
  flush(): void {
    const lists = this.#lists;
    if (lists === undefined) return;
    this.#lists = undefined;
    this.#send(lists);
  }

  #gather(): Lists {
    if (this.#lists === undefined) {
      this.#lists = { opened: [], closed: [], connectFailures: [], healthChanges: [], acceptFailures: [], faults: [] };
      setImmediate(() => this.flush());
    }
    return this.#lists;
  }
}
