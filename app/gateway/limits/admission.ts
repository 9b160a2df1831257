import type { ListenerPolicy } from "../../../routing/table.ts";
import type { Rows } from "../shared/rows.ts";
import type { Sources } from "../shared/sources.ts";

/** Why a listener does not take a connection. */
export type Refusal = "listener_connections" | "source_connections" | "source_rate";

/** A place on a listener: released exactly once, when the connection ends. */
export interface Place {
  readonly listener: number;
  readonly source: number | undefined;
}

/** Who may connect, by the limits of listeners and of client addresses, for all workers together. */
export class Admission {
  readonly #rows: Rows;
  readonly #sources: Sources;

  constructor(rows: Rows, sources: Sources) {
    this.#rows = rows;
    this.#sources = sources;
  }

  /**
   * Takes a place, or says which limit is reached; a refused connection counts against none.
   *
   * @param listener - the listener's row
   * @param address - the client's, as eight groups: the one that a PROXY header tells, where there is one
   * @param now - `processTime()`
   */
  enter(listener: number, policy: ListenerPolicy, address: Uint16Array, now: number): Place | Refusal {
    if (!this.#rows.acquire(listener, policy.maxConnections ?? Infinity)) return "listener_connections";
    const { maxConnectionsPerSource: maxConnections, connectionRatePerSource: rate } = policy;
    if (maxConnections === undefined && rate === undefined) return { listener, source: undefined };
    const admission = this.#sources.admit(listener, address, now, { maxConnections, rate });
    if (admission.admitted) return { listener, source: admission.entry };
    this.#rows.release(listener);
    return admission.reason === "rate" ? "source_rate" : "source_connections";
  }

  leave({ listener, source }: Place): void {
    if (source !== undefined) this.#sources.release(source);
    this.#rows.release(listener);
  }
}
