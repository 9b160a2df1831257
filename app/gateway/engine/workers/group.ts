import type { Credential } from "../../credentials/credentials.ts";
import type { MapDelta } from "../../shared/map-delta.ts";
import type { PlanChange } from "../pod.ts";
import type { Connection, EndpointTransfer } from "../record.ts";
import type { Seat } from "./seat.ts";
import type { ListeningSockets } from "./listening-sockets.ts";

/** Workers that move bytes in the same way, as one. */
export class Group {
  readonly seats: readonly Seat[];

  constructor(seats: readonly Seat[]) {
    this.seats = seats;
  }

  /** Resolves when all go by it. */
  async apply(change: PlanChange): Promise<void> {
    await this.#all((seat) => seat.apply(change));
  }

  /** Resolves when all go by it. */
  async trust(change: MapDelta<Credential>): Promise<void> {
    await this.#all((seat) => seat.trust(change));
  }

  /** Rejects where there is no file descriptor left to share. */
  async listen(key: string, sockets: ListeningSockets): Promise<void> {
    await this.#all((seat) => seat.listen(key, sockets));
  }

  /** Resolves when nothing waits at the sockets any more that these workers take. */
  async unlisten(key: string): Promise<void> {
    await this.#all((seat) => seat.unlisten(key));
  }

  /** As {@link Engine.connections}. */
  async connections(limit: number): Promise<readonly Connection[]> {
    return (await Promise.all(this.seats.map((seat) => seat.connections(limit)))).flat();
  }

  /** As {@link Engine.transfers}. */
  async transfers(): Promise<readonly EndpointTransfer[]> {
    return (await Promise.all(this.seats.map((seat) => seat.transfers()))).flat();
  }

  async abort(): Promise<void> {
    await this.#all((seat) => seat.abort());
  }

  /** Ends the workers, and none come after them. */
  async end(): Promise<void> {
    await this.#all((seat) => seat.end());
  }

  async #all(order: (seat: Seat) => Promise<void>): Promise<void> {
    await Promise.all(this.seats.map(order));
  }
}
