import type { ListenerPolicy } from "../../../routing/table.ts";
import { POD_ROW, word, type Rows } from "../shared/rows.ts";
import type { Sources } from "../shared/sources.ts";

/** Why a connection is not taken. */
export type Refusal = "overload" | "listener_connections" | "source_connections" | "source_rate";

/** A place on a listener, and once its client is known among that one's: released exactly once, when the connection ends. */
export interface Place {
  readonly listener: number;
  source: number | undefined;
}

/** Who may connect, by what the pod can bear and by the limits of listeners and of client addresses, for all workers together. */
export class Admission {
  readonly #rows: Rows;
  readonly #sources: Sources;

  constructor(rows: Rows, sources: Sources) {
    this.#rows = rows;
    this.#sources = sources;
  }

  /**
   * Takes a place for a connection that has just come, or says which limit is reached; a refused connection counts against none.
   *
   * @param listener - the listener's row
   */
  enter(listener: number, { maxConnections = Infinity }: ListenerPolicy): Place | Refusal {
    const rows = this.#rows;
    if (rows.get(POD_ROW, word.overloaded) === 1) return "overload";
    if (!rows.acquire(POD_ROW, rows.get(POD_ROW, word.limit) || Infinity)) return "overload";
    if (rows.acquire(listener, maxConnections)) return { listener, source: undefined };
    rows.release(POD_ROW);
    return "listener_connections";
  }

  /**
   * Takes a place among the connections of a client's address, once that is known; {@link leave} gives back what it has even where it is refused.
   *
   * @param address - as eight groups: the one that a PROXY header tells, where there is one
   * @param now - `processTime()`
   */
  identify(place: Place, policy: ListenerPolicy, address: Uint16Array, now: number): Refusal | undefined {
    const { maxConnectionsPerSource: maxConnections, connectionRatePerSource: rate } = policy;
    if (maxConnections === undefined && rate === undefined) return undefined;
    const admission = this.#sources.admit(place.listener, address, now, { maxConnections, rate });
    if (!admission.admitted) return admission.reason === "rate" ? "source_rate" : "source_connections";
    place.source = admission.entry;
    return undefined;
  }

  leave({ listener, source }: Place): void {
    if (source !== undefined) this.#sources.release(source);
    this.#rows.release(listener);
    this.#rows.release(POD_ROW);
  }
}
