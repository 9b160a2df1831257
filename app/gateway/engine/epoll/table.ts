import type { FilterChain, Route } from "../../../../routing/table.ts";
import type { Host } from "../../balance/host.ts";
import type { PlannedListener } from "../plan.ts";
import { untracked } from "../../shared/sources.ts";
import type { Upstream } from "../upstream.ts";
import { grown } from "./columns.ts";

/** How far a connection is. */
export const stage = {
  /** No connection has the slot. */
  free: 0,
  /** The client is read for what comes before its stream, or is being decided on. */
  preface: 1,
  connecting: 2,
  relaying: 3,
} as const;

type Stage = (typeof stage)[keyof typeof stage];

/** Counts in which a connection has a place, to be given back at its end. */
export const place = {
  listener: 1,
  cluster: 2,
  endpoint: 4,
} as const;

/** Bytes of an address: IPv6, or IPv4 mapped into it. */
export const ADDRESS_SIZE = 16;

/**
 * All connections of the loop, a column for each thing that is known of them, so that one that is silent takes its numbers and nothing else. Times are the loop's (`performance.now()`) but for
 * {@link Table.start}. References are to what many connections share.
 */
export class Table {
  stages = new Uint8Array(0);
  ids = new Float64Array(0);
  /** Of the snapshot that it was routed by. */
  versions = new Float64Array(0);
  /** When it was accepted, milliseconds since 1970. */
  starts = new Float64Array(0);
  startedAt = new Float64Array(0);
  /** NaN: not done yet, as the next ones. */
  prefaceDurations = new Float64Array(0);
  connectingSince = new Float64Array(0);
  connectDurations = new Float64Array(0);
  /** When a byte passed last. */
  activeAt = new Float64Array(0);
  /** When its maximum duration is over; Infinity: never. */
  endsAt = new Float64Array(0);
  /** Bytes from the client. */
  received = new Float64Array(0);
  /** Bytes to the client. */
  sent = new Float64Array(0);
  countedReceived = new Float64Array(0);
  countedSent = new Float64Array(0);
  downstreams = new Int32Array(0);
  /** -1: none is there. */
  upstreamFds = new Int32Array(0);
  /** Which {@link place}s it has. */
  places = new Uint8Array(0);
  /** The entry of its client among the sources; -1: none that is counted. */
  sources = new Int32Array(0);
  attempts = new Uint8Array(0);
  /** Which `kind` of side sent FIN first; 0: none yet. */
  endedBy = new Uint8Array(0);
  addresses = new Uint8Array(0);
  ports = new Uint16Array(0);
  localAddresses = new Uint8Array(0);
  localPorts = new Uint16Array(0);
  readonly planned: (PlannedListener | undefined)[] = [];
  readonly chains: (FilterChain | undefined)[] = [];
  readonly routes: (Route | undefined)[] = [];
  /** What was decided on. */
  readonly upstreams: (Upstream | undefined)[] = [];
  /** The one that answered, is asked, or was asked last. */
  readonly hosts: (Host | undefined)[] = [];
  readonly #free: number[] = [];
  #used = 0;
  #size = 0;

  /** Connections that there are. */
  get size(): number {
    return this.#size;
  }

  /** Slots that were ever in use: those below. */
  get used(): number {
    return this.#used;
  }

  stageOf(slot: number): Stage {
    return this.stages[slot] as Stage;
  }

  plannedOf(slot: number): PlannedListener {
    const planned = this.planned[slot];
    if (planned === undefined) throw new RangeError(`There is no connection in slot ${slot}`);
    return planned;
  }

  isOpen(slot: number): boolean {
    return this.stages[slot] !== stage.free;
  }

  /** Slots of all connections, as they stand now. */
  *open(): Generator<number> {
    for (let slot = 0; slot < this.#used; slot++) if (this.isOpen(slot)) yield slot;
  }

  /** A slot for a connection of which nothing has happened yet. */
  take(planned: PlannedListener, downstream: number): number {
    const slot = this.#free.pop() ?? this.#used++;
    if (slot >= this.stages.length) this.#grow(slot);
    this.#size++;
    this.stages[slot] = stage.preface;
    this.prefaceDurations[slot] = NaN;
    this.connectDurations[slot] = NaN;
    this.endsAt[slot] = Infinity;
    this.received[slot] = 0;
    this.sent[slot] = 0;
    this.countedReceived[slot] = 0;
    this.countedSent[slot] = 0;
    this.downstreams[slot] = downstream;
    this.upstreamFds[slot] = -1;
    this.places[slot] = 0;
    this.sources[slot] = untracked;
    this.attempts[slot] = 0;
    this.endedBy[slot] = 0;
    this.planned[slot] = planned;
    return slot;
  }

  /** The connection is over, and no reference to what it had is left. */
  give(slot: number): void {
    this.stages[slot] = stage.free;
    this.planned[slot] = undefined;
    this.chains[slot] = undefined;
    this.routes[slot] = undefined;
    this.upstreams[slot] = undefined;
    this.hosts[slot] = undefined;
    this.#size--;
    this.#free.push(slot);
  }

  #grow(slot: number): void {
    const capacity = Math.max(256, 2 * slot);
    this.stages = grown(this.stages, capacity);
    this.ids = grown(this.ids, capacity);
    this.versions = grown(this.versions, capacity);
    this.starts = grown(this.starts, capacity);
    this.startedAt = grown(this.startedAt, capacity);
    this.prefaceDurations = grown(this.prefaceDurations, capacity);
    this.connectingSince = grown(this.connectingSince, capacity);
    this.connectDurations = grown(this.connectDurations, capacity);
    this.activeAt = grown(this.activeAt, capacity);
    this.endsAt = grown(this.endsAt, capacity);
    this.received = grown(this.received, capacity);
    this.sent = grown(this.sent, capacity);
    this.countedReceived = grown(this.countedReceived, capacity);
    this.countedSent = grown(this.countedSent, capacity);
    this.downstreams = grown(this.downstreams, capacity);
    this.upstreamFds = grown(this.upstreamFds, capacity);
    this.places = grown(this.places, capacity);
    this.sources = grown(this.sources, capacity);
    this.attempts = grown(this.attempts, capacity);
    this.endedBy = grown(this.endedBy, capacity);
    this.addresses = grown(this.addresses, ADDRESS_SIZE * capacity);
    this.ports = grown(this.ports, capacity);
    this.localAddresses = grown(this.localAddresses, ADDRESS_SIZE * capacity);
    this.localPorts = grown(this.localPorts, capacity);
  }
}
