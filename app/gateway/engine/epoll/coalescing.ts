import { SO_RCVLOWAT, SOL_SOCKET } from "../../native/constants.ts";
import type { Core } from "./core.ts";
import { flag } from "./fds.ts";
import type { Pipe, Pipes } from "./pipes.ts";
import type { Turns } from "./turns.ts";

/** Bytes without a pause after which a direction is told of what comes by larger amounts: moving them takes many times the {@link PATIENCE} with which their tail may then be late. */
const ESTABLISHED = 16 * 1024 * 1024;

/** Bytes that have to be there until the kernel tells of them: the price of a wake-up, some microseconds, is spread over so many. */
const ENOUGH = 256 * 1024;

/** Milliseconds after which a direction is read whatever is there. */
const PATIENCE = 1;

/**
 * Lets the kernel wait with its news of a direction that moves much (SO_RCVLOWAT, socket(7)), as network cards do with interrupts. It tells of less as soon as the window is full or FIN comes (tcp_epollin_ready
 * in Linux' net/ipv4/tcp.c); what else is less than it waits for is looked for when nothing has come for a moment, and the direction is told of every byte again.
 */
export class Coalescing {
  readonly #core: Core;
  readonly #pipes: Pipes;
  readonly #turns: Turns;

  constructor(core: Core, pipes: Pipes, turns: Turns) {
    this.#core = core;
    this.#pipes = pipes;
    this.#turns = turns;
  }

  /** Bytes have gone through a socket's pipe. */
  moved(fd: number, pipe: Pipe, count: number): void {
    pipe.movedAt = this.#core.now;
    pipe.moved += count;
    if (pipe.coalesced || pipe.moved < ESTABLISHED) return;
    pipe.coalesced = this.#lowWater(fd, ENOUGH) === 0;
  }

  /** Nothing is there to be read. */
  waits(fd: number, pipe: Pipe): void {
    if (!pipe.coalesced || pipe.watched) return;
    const { fds, alarms } = this.#core;
    pipe.watched = true;
    alarms.after(PATIENCE, () => {
      pipe.watched = false;
      // It may be another socket by now that has the number.
      if (this.#pipes.of(fd) !== pipe || !pipe.coalesced || fds.has(fd, flag.held)) return;
      if (this.#core.now < pipe.movedAt + PATIENCE) this.waits(fd, pipe);
      else this.#paused(fd, pipe);
    });
  }

  /** The socket is told of every byte again. */
  end(fd: number, pipe: Pipe): void {
    pipe.moved = 0;
    if (!pipe.coalesced) return;
    pipe.coalesced = false;
    this.#lowWater(fd, 1);
  }

  #paused(fd: number, pipe: Pipe): void {
    this.end(fd, pipe);
    this.#turns.next(fd);
  }

  #lowWater(fd: number, bytes: number): number {
    return this.#core.sockets.setOption(fd, SOL_SOCKET, SO_RCVLOWAT, bytes);
  }
}
