import type { Clock } from "../clock.ts";
import { POD_ROW, word, type Rows } from "../shared/rows.ts";
import type { Reading, Readings } from "./readings.ts";

/** Milliseconds between two looks. In between the number of connections is held exactly, as each has its file descriptors at most. */
const INTERVAL = 1000;

/** A connection's: its client's and its upstream's. */
const DESCRIPTORS = 2;

/** Of all file descriptors, for connections and all else together; the rest is for admin, health, and the API server. */
const DESCRIPTOR_SHARE = 0.9;

/** Of the container's memory, from which on nobody is taken (Envoy's advice for stop_accepting_connections), and below which everyone is again. */
const SHED_MEMORY = 0.95;
const TAKE_MEMORY = 0.9;

/** Connections from this share of the limit on count as too many until there are fewer. */
const RELAXED = 0.95;

/** The pod has begun or ended to refuse new connections for want of something. */
export interface OverloadEvent extends Reading {
  readonly resource: "file descriptors" | "memory";
  readonly shedding: boolean;
}

export interface OverloadGuardOptions {
  readonly rows: Rows;
  readonly readings: Readings;
  readonly clock: Clock;
  readonly changed: (event: OverloadEvent) => void;
}

/** Keeps the pod from taking more connections than it can bear: what it allows stands in the pod's row, where `Admission` reads it. For the main thread. */
export class OverloadGuard {
  readonly #options: OverloadGuardOptions;
  readonly #shedding = new Set<OverloadEvent["resource"]>();
  #cancel: (() => void) | undefined;

  /** Looks at once, and from then on. */
  constructor(options: OverloadGuardOptions) {
    this.#options = options;
    this.#lookAgain();
  }

  close(): void {
    this.#cancel?.();
  }

  /** Looks now: to be called when the process has opened or closed files on its own. */
  look(): void {
    const { readings } = this.#options;
    this.#limitConnections(readings.fileDescriptors());
    this.#watchMemory(readings.memory());
  }

  #lookAgain(): void {
    this.look();
    this.#cancel = this.#options.clock.after(INTERVAL, () => this.#lookAgain());
  }

  #limitConnections(reading: Reading | undefined): void {
    const { rows } = this.#options;
    if (reading === undefined) return;
    const open = rows.get(POD_ROW, word.count);
    const others = Math.max(0, reading.used - open * DESCRIPTORS);
    const limit = Math.max(1, Math.floor((reading.limit * DESCRIPTOR_SHARE - others) / DESCRIPTORS));
    rows.set(POD_ROW, word.limit, limit);
    this.#tell("file descriptors", reading, open >= limit, open < limit * RELAXED);
  }

  #watchMemory(reading: Reading | undefined): void {
    if (reading === undefined) return;
    const share = reading.used / reading.limit;
    this.#tell("memory", reading, share >= SHED_MEMORY, share < TAKE_MEMORY);
    this.#options.rows.set(POD_ROW, word.overloaded, this.#shedding.has("memory") ? 1 : 0);
  }

  #tell(resource: OverloadEvent["resource"], reading: Reading, tooMuch: boolean, enough: boolean): void {
    const before = this.#shedding.has(resource);
    if (tooMuch) this.#shedding.add(resource);
    else if (enough) this.#shedding.delete(resource);
    const shedding = this.#shedding.has(resource);
    if (shedding !== before) this.#options.changed({ resource, shedding, ...reading });
  }
}
