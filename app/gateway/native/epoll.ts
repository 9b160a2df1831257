import type { Calls, NativeCalls } from "./calls.ts";
import { EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD } from "./constants.ts";
import { epollEventLayout } from "./epoll-event.ts";
import { errno, systemError } from "./errno.ts";
import { createBlock, type Block } from "./memory.ts";

/** Events that one {@link Epoll.wait} takes at most. */
const MAX_EVENTS = 512;

const MOST = BigInt(MAX_EVENTS);
const ADD = BigInt(EPOLL_CTL_ADD);
const MOD = BigInt(EPOLL_CTL_MOD);
const DEL = BigInt(EPOLL_CTL_DEL);

/** Descriptors whose readiness is waited for (epoll(7)). What belongs to each is told back with its events: its number, and which of those that had this number it is. */
export class Epoll {
  readonly fd: number;
  readonly #calls: Calls;
  readonly #errno: Int32Array;
  readonly #wait: Calls["epoll_wait"];
  readonly #self: bigint;
  readonly #size: number;
  readonly #data: number;
  readonly #change: Block;
  readonly #changed: Int32Array;
  readonly #block: Block;
  /** A number as a register takes it: 32 bits are stored and 64 are loaded, and no BigInt is made. */
  readonly #number = new BigUint64Array(1);
  readonly #low = new Uint32Array(this.#number.buffer);
  readonly #events: Int32Array;

  /** @throws the system's error */
  constructor(native: NativeCalls) {
    this.#calls = native.calls;
    this.#errno = native.errno;
    this.#wait = native.calls.epoll_wait;
    const { size, data } = epollEventLayout(process.arch);
    this.#size = size;
    this.#data = data;
    this.#change = createBlock(native, 4 * size);
    this.#changed = new Int32Array(this.#change.bytes.buffer);
    this.#block = createBlock(native, 4 * size * MAX_EVENTS);
    this.#events = new Int32Array(this.#block.bytes.buffer);
    this.fd = native.calls.epoll_create1(BigInt(EPOLL_CLOEXEC), 0n);
    if (this.fd === -1) throw systemError("epoll_create1", this.#errno[0] ?? 0);
    this.#self = BigInt(this.fd);
  }

  /** 0, or the error's number below zero. A descriptor that is closed is waited for no more, unless others have its socket open: see {@link remove}. */
  add(fd: number, generation: number, events: number): number {
    return this.#control(ADD, fd, generation, events);
  }

  /** As {@link add}, for one that was added. */
  modify(fd: number, generation: number, events: number): number {
    return this.#control(MOD, fd, generation, events);
  }

  /** A descriptor whose socket is open elsewhere as well would be waited for even when it is closed (epoll(7), "Will closing a file descriptor cause it to be removed from all epoll interest lists?"). */
  remove(fd: number): void {
    this.#control(DEL, fd, 0, 0);
  }

  #control(operation: bigint, fd: number, generation: number, events: number): number {
    this.#changed[0] = events;
    this.#changed[this.#data] = fd;
    this.#changed[this.#data + 1] = generation;
    this.#low[0] = fd;
    const failed = this.#calls.epoll_ctl(this.#self, operation, this.#number[0] as bigint, this.#change.address);
    return failed === -1 ? -(this.#errno[0] as number) : 0;
  }

  /**
   * Waits for events; gives how many there are. An interrupted wait has none.
   *
   * @param timeout - milliseconds, whole
   * @throws the system's error
   */
  wait(timeout: number): number {
    this.#low[0] = timeout;
    const count = this.#wait(this.#self, this.#block.address, MOST, this.#number[0] as bigint);
    if (count !== -1) return count;
    const error = this.#errno[0] as number;
    if (error === errno.EINTR) return 0;
    throw systemError("epoll_wait", error);
  }

  /** What one of the events that were waited for is: EPOLLIN and its like. */
  eventsOf(index: number): number {
    return this.#events[index * this.#size] as number;
  }

  fdOf(index: number): number {
    return this.#events[index * this.#size + this.#data] as number;
  }

  generationOf(index: number): number {
    return this.#events[index * this.#size + this.#data + 1] as number;
  }

  close(): void {
    this.#calls.close(this.#self, 0n);
  }
}
