import { EPOLLERR, EPOLLHUP, EPOLLRDHUP } from "../../native/constants.ts";
import type { Acceptor } from "./acceptor.ts";
import type { Connector } from "./connector.ts";
import type { Core } from "./core.ts";
import type { Endings } from "./endings.ts";
import { describeFailure } from "./failures.ts";
import { flag, kind } from "./fds.ts";
import type { Lifetimes } from "./lifetimes.ts";
import type { Prefaces } from "./prefaces.ts";
import type { Relay } from "./relay.ts";
import { stage } from "./table.ts";
import type { Turns } from "./turns.ts";

/** Who sees to what. */
export interface Parts {
  readonly endings: Endings;
  readonly acceptor: Acceptor;
  readonly prefaces: Prefaces;
  readonly connector: Connector;
  readonly relay: Relay;
  readonly turns: Turns;
  readonly lifetimes: Lifetimes;
  /** Another thread calls. */
  readonly woken: () => void;
}

/** Gives what has happened to whoever sees to it. A mistake of the program ends the connection that met it, and nothing else. */
export class Dispatcher {
  readonly #core: Core;
  readonly #parts: Parts;
  readonly #goOn = (fd: number): void =>
    this.#safely(this.#core.fds.slots[fd] as number, () => this.#parts.relay.goOn(fd));
  readonly #due = (slot: number): void => this.#safely(slot, () => this.#expire(slot));

  constructor(core: Core, parts: Parts) {
    this.#core = core;
    this.#parts = parts;
  }

  /** Sees to so many events, and to all that is due. */
  handle(count: number): void {
    const { epoll, fds, wheel, alarms, now } = this.#core;
    for (let index = 0; index < count; index++) {
      const fd = epoll.fdOf(index);
      // It was closed by what was before it.
      if (fds.generation(fd) === epoll.generationOf(index)) this.#event(fd, epoll.eventsOf(index));
    }
    this.#parts.turns.take(this.#goOn);
    wheel.expire(now, this.#due);
    try {
      alarms.ring(now);
    } catch (error) {
      this.#core.failed(error);
    }
  }

  #event(fd: number, events: number): void {
    const { fds } = this.#core;
    const slot = fds.slots[fd] as number;
    try {
      switch (fds.kindOf(fd)) {
        case kind.downstream:
          this.#downstream(slot, fd, events);
          break;
        case kind.upstream:
          this.#upstream(slot, fd, events);
          break;
        case kind.listener:
          this.#parts.acceptor.accept(fd);
          break;
        case kind.wake:
          this.#parts.woken();
          break;
        case kind.free:
        case kind.own:
          break;
      }
    } catch (error) {
      this.#failed(slot, error);
    }
  }

  #downstream(slot: number, fd: number, events: number): void {
    const { table, fds, sockets } = this.#core;
    const { relay, prefaces, endings } = this.#parts;
    if (table.stageOf(slot) === stage.relaying) {
      relay.proceed(fd, events);
      return;
    }
    const error = (events & EPOLLERR) === 0 ? 0 : sockets.pendingError(fd);
    if (error !== 0) endings.broken(slot, "downstream", describeFailure("read", error));
    else if (table.stageOf(slot) === stage.preface) prefaces.read(slot, (events & (EPOLLRDHUP | EPOLLHUP)) !== 0);
    else fds.note(fd, (events & (EPOLLRDHUP | EPOLLHUP)) === 0 ? flag.readable : flag.readable | flag.ending);
  }

  #upstream(slot: number, fd: number, events: number): void {
    const { table, fds } = this.#core;
    const { relay, connector } = this.#parts;
    if (table.stageOf(slot) === stage.connecting) {
      const generation = fds.generation(fd);
      connector.proceed(slot, fd, events);
      if (fds.generation(fd) !== generation || table.stageOf(slot) !== stage.relaying) return;
    }
    relay.proceed(fd, events);
  }

  #expire(slot: number): void {
    switch (this.#core.table.stageOf(slot)) {
      case stage.preface:
        this.#parts.prefaces.expire(slot);
        break;
      case stage.connecting:
        this.#parts.connector.expire(slot);
        break;
      case stage.relaying:
        this.#parts.lifetimes.expire(slot);
        break;
      case stage.free:
        break;
    }
  }

  #safely(slot: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failed(slot, error);
    }
  }

  /** @param slot - -1: it was no connection's */
  #failed(slot: number, error: unknown): void {
    if (slot === -1) this.#core.failed(error);
    else this.#parts.endings.failed(slot, error);
  }
}
