import type { Block } from "../../native/memory.ts";
import { errno } from "../../native/errno.ts";
import { prefacesOf } from "../preface/index.ts";
import type { Preface } from "../preface/preface.ts";
import { closedEarly, StageFailure } from "../stage-failure.ts";
import type { Core } from "./core.ts";
import type { Endings } from "./endings.ts";
import { flag } from "./fds.ts";
import { describeFailure } from "./failures.ts";

interface Reading {
  /** Those that are still to be read, the first one now. */
  readonly prefaces: Preface[];
  /** Bytes that are there, and that there have to be. */
  received: number;
  wanted: number;
}

/**
 * Reads what clients send before their stream. The bytes are looked at where the kernel has them (MSG_PEEK), and only what is no part of the stream is taken: nothing is held here, and nothing has to be
 * given back.
 */
export class Prefaces {
  readonly #core: Core;
  readonly #endings: Endings;
  readonly #block: Block;
  readonly #done: (slot: number) => void;
  readonly #reading = new Map<number, Reading>();

  /** @param done - told when all are read */
  constructor(core: Core, endings: Endings, block: Block, done: (slot: number) => void) {
    this.#core = core;
    this.#endings = endings;
    this.#block = block;
    this.#done = done;
  }

  /** Begins to read; false: there is nothing to be read of this client. */
  begin(slot: number): boolean {
    const { table, facts } = this.#core;
    const prefaces = [...prefacesOf(table.plannedOf(slot).listener, () => facts.direct(slot).address)];
    if (prefaces.length === 0) return false;
    this.#reading.set(slot, { prefaces, received: 0, wanted: 1 });
    this.#wait(slot, prefaces[0]);
    return true;
  }

  /** Something has come, or the client has ended its direction. */
  read(slot: number, ended: boolean): void {
    const reading = this.#reading.get(slot);
    if (reading === undefined) return;
    try {
      this.#read(slot, reading, ended);
    } catch (error) {
      this.#refuse(slot, error);
    }
  }

  /** The time of the one that is being read is over. */
  expire(slot: number): void {
    const reading = this.#reading.get(slot);
    if (reading === undefined) return;
    try {
      reading.prefaces[0]?.expire(reading.received);
      if (this.#next(slot, reading)) this.#read(slot, reading, false);
    } catch (error) {
      this.#refuse(slot, error);
    }
  }

  forget(slot: number): void {
    this.#reading.delete(slot);
  }

  #read(slot: number, reading: Reading, ended: boolean): void {
    const { table, facts, fds, sockets } = this.#core;
    const fd = table.downstreams[slot] as number;
    for (let preface = reading.prefaces[0]; preface !== undefined; preface = reading.prefaces[0]) {
      const count = sockets.peek(fd, this.#block, this.#block.bytes.length);
      if (count < 0 && count !== -errno.EAGAIN) {
        this.#endings.broken(slot, "downstream", describeFailure("read", -count));
        return;
      }
      if (count > 0) reading.received = count;
      if (count < reading.wanted) {
        if (ended || count === 0) throw closedEarly(reading.received);
        return;
      }
      const verdict = preface.read(this.#block.bytes.subarray(0, count), facts.keep(slot));
      if ("wanted" in verdict) {
        reading.wanted = verdict.wanted;
        if (ended) throw closedEarly(reading.received);
        return;
      }
      if (verdict.taken > 0) sockets.recv(fd, this.#block, verdict.taken);
      // What is behind came with the same event.
      fds.note(fd, ended ? flag.readable | flag.ending : flag.readable);
      if (!this.#next(slot, reading)) return;
    }
  }

  /** Goes on to the next one; false: there is none, and the connection has gone on. */
  #next(slot: number, reading: Reading): boolean {
    reading.prefaces.shift();
    reading.received = 0;
    reading.wanted = 1;
    const [preface] = reading.prefaces;
    if (preface === undefined) {
      this.#reading.delete(slot);
      this.#core.wheel.clear(slot);
      this.#done(slot);
      return false;
    }
    this.#wait(slot, preface);
    return true;
  }

  #wait(slot: number, preface: Preface | undefined): void {
    if (preface !== undefined) this.#core.wheel.set(slot, this.#core.now + preface.timeout);
  }

  #refuse(slot: number, error: unknown): void {
    if (!(error instanceof StageFailure)) throw error;
    this.#endings.refuse(slot, error.reason, error.message);
  }
}
