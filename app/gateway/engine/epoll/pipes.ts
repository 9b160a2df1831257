import type { Core } from "./core.ts";
import { flag, kind } from "./fds.ts";

/** Bytes that a pipe holds: more than a socket has at once, so that the pipe is not what is waited for. */
export const PIPE_SIZE = 1024 * 1024;

/** Pipes of one loop. They count among its descriptors, and so against those of connections. */
const MAX_PIPES = 16;

/** Milliseconds until a pipe is asked for again that could not be had. */
const PAUSE = 1000;

/** A way for bytes from one socket to another that does not leave the kernel. */
export interface Pipe {
  readonly reader: number;
  readonly writer: number;
  /** Bytes that are in it. */
  held: number;
  /** How often in a row little came. */
  small: number;
  /** Bytes that went through it without a pause, and when the last ones did. */
  moved: number;
  movedAt: number;
  /** The kernel waits with its news; see `Coalescing`. */
  coalesced: boolean;
  /** It will be looked at after a pause. */
  watched: boolean;
}

/** The pipes of the directions that move much. Who gets none goes on without. */
export class Pipes {
  readonly #core: Core;
  /** By descriptor of the socket that is read. */
  readonly #used = new Map<number, Pipe>();
  readonly #ends = new Int32Array(2);
  #triedAt = -Infinity;

  constructor(core: Core) {
    this.#core = core;
  }

  /** The pipe that a socket's bytes go through; undefined: it has none. */
  of(fd: number): Pipe | undefined {
    return this.#core.fds.has(fd, flag.piped) ? this.#used.get(fd) : undefined;
  }

  /** Gives a socket's bytes a pipe, if there is one to be had. */
  assign(fd: number): void {
    const pipe = this.#create();
    if (pipe === undefined) return;
    this.#used.set(fd, pipe);
    this.#core.fds.note(fd, flag.piped);
  }

  /** The socket is gone, or its bytes go another way. */
  release(fd: number): void {
    const pipe = this.of(fd);
    if (pipe === undefined) return;
    this.#core.fds.unnote(fd, flag.piped);
    this.#used.delete(fd);
    const { sockets, fds } = this.#core;
    for (const end of [pipe.reader, pipe.writer]) {
      fds.close(end);
      sockets.close(end);
    }
  }

  #create(): Pipe | undefined {
    const { sockets, fds, now } = this.#core;
    if (this.#used.size >= MAX_PIPES || now < this.#triedAt + PAUSE) return undefined;
    if (sockets.pipe(this.#ends, PIPE_SIZE) < 0) {
      this.#triedAt = now;
      return undefined;
    }
    const [reader, writer] = this.#ends as unknown as [number, number];
    for (const fd of [reader, writer]) fds.open(fd, kind.own, -1);
    return { reader, writer, held: 0, small: 0, moved: 0, movedAt: now, coalesced: false, watched: false };
  }
}
