import type { CloseKind, Reason, Side } from "../record.ts";
import type { Core } from "./core.ts";
import { kind } from "./fds.ts";
import { place, stage } from "./table.ts";
import { EndedView, type Ending } from "./view.ts";

/** Who has something of a connection outside the table. */
export interface EndingsObserver {
  /** The connection's sockets are about to be closed: whatever is kept for it is to be dropped. */
  ending(slot: number): void;
  /** A connection is over, and its descriptors are free. */
  ended(): void;
}

/** How connections end: the one place where their sockets are closed, what they hold is given back, and their record is told. */
export class Endings {
  readonly #core: Core;
  readonly #observer: EndingsObserver;

  constructor(core: Core, observer: EndingsObserver) {
    this.#core = core;
    this.#observer = observer;
  }

  /** Both directions have ended and all bytes are with the kernel. */
  finish(slot: number): void {
    this.#end(slot, false, { by: "downstream", how: "FIN", reason: "finished", detail: undefined });
  }

  /** Aborts both sides now (RST). */
  abort(slot: number, reason: Reason, by: Side, how: CloseKind, detail: string | undefined): void {
    this.#end(slot, true, { by, how, reason, detail });
  }

  /** The connection cannot be served. */
  refuse(slot: number, reason: Reason, detail: string): void {
    this.abort(slot, reason, "gateway", "refused", detail);
  }

  /** A side was reset, or its socket failed otherwise. */
  broken(slot: number, side: "downstream" | "upstream", detail: string): void {
    this.abort(slot, `${side}_reset`, side, "RST", detail);
  }

  /** The program made a mistake with this connection. */
  failed(slot: number, error: unknown): void {
    this.#core.failed(error);
    this.refuse(slot, "internal_error", String(error));
  }

  #end(slot: number, reset: boolean, ending: Ending): void {
    const { table, wheel, facts, options } = this.#core;
    if (!table.isOpen(slot)) return;
    wheel.clear(slot);
    this.#observer.ending(slot);
    this.#close(table.downstreams[slot] as number, reset);
    const upstream = table.upstreamFds[slot] as number;
    // RST is for who has taken the connection; who is still being asked need not know.
    if (upstream !== -1) this.#close(upstream, reset && table.stages[slot] === stage.relaying);
    this.#giveBack(slot);
    try {
      options.observer.connectionClosed?.(new EndedView(this.#core, slot, this.#first(slot, ending)));
    } catch (error) {
      this.#core.failed(error);
    }
    facts.forget(slot);
    table.give(slot);
    this.#observer.ended();
  }

  /** Who sent FIN first has ended the connection, whatever came of the rest. */
  #first(slot: number, ending: Ending): Ending {
    const side = this.#core.table.endedBy[slot];
    if (side === 0) return ending;
    return { ...ending, by: side === kind.upstream ? "upstream" : "downstream", how: "FIN" };
  }

  #close(fd: number, reset: boolean): void {
    const { fds, sockets } = this.#core;
    fds.close(fd);
    if (reset) sockets.reset(fd);
    else sockets.close(fd);
  }

  #giveBack(slot: number): void {
    const { table, options } = this.#core;
    const places = table.places[slot] as number;
    if ((places & place.endpoint) !== 0) table.hosts[slot]?.gauge.release();
    if ((places & place.cluster) !== 0) table.upstreams[slot]?.gauge.release();
    if ((places & place.listener) === 0) return;
    options.admission.leave({ listener: table.plannedOf(slot).row, source: table.sources[slot] });
  }
}
