import type { NativeCalls } from "../../native/calls.ts";
import { createBlock, type Block } from "../../native/memory.ts";

/** Bytes that a socket did not take, in the order in which it is to get them. */
export interface Leftover {
  readonly block: Block;
  offset: number;
  length: number;
}

/** The smallest block. */
const SMALLEST = 4096;

/** Bytes of blocks of each size that are kept for the next ones. */
const KEPT = 4 * 1024 * 1024;

/** What waits for sockets that do not take more: one block for each, of a size that was used before where there is one. */
export class Leftovers {
  readonly #native: NativeCalls;
  /** By descriptor of the socket that is to get it. */
  readonly #waiting = new Map<number, Leftover>();
  /** Free blocks by size. */
  readonly #free = new Map<number, Block[]>();

  constructor(native: NativeCalls) {
    this.#native = native;
  }

  /** What waits for a socket; undefined: nothing. */
  of(fd: number): Leftover | undefined {
    return this.#waiting.get(fd);
  }

  /** Keeps a copy for a socket for which nothing waits. */
  keep(fd: number, bytes: Uint8Array): void {
    const block = this.#take(bytes.length);
    block.bytes.set(bytes);
    this.#waiting.set(fd, { block, offset: 0, length: bytes.length });
  }

  /** The socket has taken it all, or is gone. */
  drop(fd: number): void {
    const leftover = this.#waiting.get(fd);
    if (leftover === undefined) return;
    this.#waiting.delete(fd);
    const { block } = leftover;
    const free = this.#free.get(block.bytes.length);
    if (free === undefined) this.#free.set(block.bytes.length, [block]);
    else if ((free.length + 1) * block.bytes.length <= KEPT) free.push(block);
  }

  #take(length: number): Block {
    let size = SMALLEST;
    while (size < length) size *= 2;
    return this.#free.get(size)?.pop() ?? createBlock(this.#native, size);
  }
}
