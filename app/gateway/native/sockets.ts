import type { Calls, NativeCalls } from "./calls.ts";
import {
  F_SETPIPE_SZ,
  IPPROTO_TCP,
  MSG_MORE,
  MSG_NOSIGNAL,
  MSG_PEEK,
  O_CLOEXEC,
  O_NONBLOCK,
  SHUT_WR,
  SO_ERROR,
  SO_LINGER,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  SPLICE_F_MOVE,
  SPLICE_F_NONBLOCK,
  TCP_NODELAY,
} from "./constants.ts";
import { errno } from "./errno.ts";
import { createBlock, type Block } from "./memory.ts";
import { SOCKADDR_SIZE, type Family } from "./socket-address.ts";

const NONBLOCKING = BigInt(SOCK_NONBLOCK | SOCK_CLOEXEC);
const NO_SIGNAL = BigInt(MSG_NOSIGNAL);
const NO_SIGNAL_MORE = BigInt(MSG_NOSIGNAL | MSG_MORE);
const PEEK = BigInt(MSG_PEEK);
const SPLICE = BigInt(SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
const LEVEL_SOCKET = BigInt(SOL_SOCKET);
const STREAM = BigInt(SOCK_STREAM) | NONBLOCKING;
const PENDING_ERROR = BigInt(SO_ERROR);
const WRITING = BigInt(SHUT_WR);

/** An address that the kernel is told. */
export interface NativeAddress {
  readonly family: Family;
  readonly block: Block;
}

/**
 * Sockets that never block. Every call takes numbers and gives what the kernel itself gives: 0, a count or a descriptor, else the error's number below zero. An interrupted call (EINTR) is made
 * again.
 */
export class Sockets {
  readonly #calls: Calls;
  readonly #errno: Int32Array;
  /** Each small number as the 64 bits that a register takes, without making a BigInt each time. */
  #small = BigUint64Array.from({ length: 256 }, (_, fd) => BigInt(fd));
  /** Two more numbers, for what is no descriptor: 32 bits are stored and 64 are loaded. */
  readonly #registers = new BigUint64Array(2);
  readonly #words = new Uint32Array(this.#registers.buffer);
  readonly #option: Block;
  readonly #linger: Block;
  readonly #length: Block;
  readonly #ends: Block;
  readonly #name: Block;
  readonly #recv: Calls["recv"];
  readonly #send: Calls["send"];
  readonly #splice: Calls["splice"];

  constructor(native: NativeCalls) {
    this.#calls = native.calls;
    this.#errno = native.errno;
    ({ recv: this.#recv, send: this.#send, splice: this.#splice } = native.calls);
    this.#option = createBlock(native, 4);
    this.#length = createBlock(native, 4);
    this.#ends = createBlock(native, 8);
    this.#name = createBlock(native, SOCKADDR_SIZE);
    // `struct linger` (socket(7)): on, for no time at all.
    this.#linger = createBlock(native, 8);
    this.#linger.bytes.writeInt32LE(1);
  }

  /** The address that {@link accept} or {@link localName} has filled in. */
  get name(): Buffer {
    return this.#name.bytes;
  }

  /** Takes a connection; its other end is {@link name}. */
  accept(listener: number): number {
    for (;;) {
      this.#length.bytes.writeUInt32LE(SOCKADDR_SIZE);
      const fd = this.#calls.accept4(this.#register(listener), this.#name.address, this.#length.address, NONBLOCKING);
      if (fd !== -1) return fd;
      const error = this.#error();
      if (error !== -errno.EINTR) return error;
    }
  }

  /** This end of a connection is {@link name}. */
  localName(fd: number): number {
    this.#length.bytes.writeUInt32LE(SOCKADDR_SIZE);
    return this.#result(this.#calls.getsockname(this.#register(fd), this.#name.address, this.#length.address));
  }

  /** A socket for a TCP connection, which sends without waiting for more (TCP_NODELAY). */
  open(family: Family): number {
    const fd = this.#calls.socket(this.#register(family), STREAM, 0n);
    if (fd === -1) return this.#error();
    this.setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    return fd;
  }

  /** 0: it stands already; EINPROGRESS: it will, or not. */
  connect(fd: number, { block }: NativeAddress): number {
    return this.#result(this.#calls.connect(this.#register(fd), block.address, this.#register(block.bytes.length)));
  }

  setOption(fd: number, level: number, name: number, value: number): number {
    this.#option.bytes.writeInt32LE(value);
    return this.#result(
      this.#calls.setsockopt(this.#register(fd), this.#register(level), this.#register(name), this.#option.address, 4n),
    );
  }

  /** The number of the error that a socket has met, above zero, which it forgets by that (SO_ERROR); 0: none. */
  pendingError(fd: number): number {
    this.#length.bytes.writeUInt32LE(4);
    const failed = this.#calls.getsockopt(
      this.#register(fd),
      LEVEL_SOCKET,
      PENDING_ERROR,
      this.#option.address,
      this.#length.address,
    );
    return failed === -1 ? -this.#error() : this.#option.bytes.readInt32LE();
  }

  /** 0: FIN came. */
  recv(fd: number, { address }: Block, size: number): number {
    return this.#receive(fd, address, size, 0n);
  }

  /** As {@link recv}, and what was read can be read again. */
  peek(fd: number, { address }: Block, size: number): number {
    return this.#receive(fd, address, size, PEEK);
  }

  #receive(fd: number, address: bigint, size: number, flags: bigint): number {
    for (;;) {
      this.#words[0] = size;
      const count = this.#recv(this.#register(fd), address, this.#registers[0] as bigint, flags);
      if (count !== -1) return count;
      const error = this.#error();
      if (error !== -errno.EINTR) return error;
    }
  }

  /** Sends the first bytes of a block. */
  send(fd: number, { address }: Block, count: number): number {
    return this.#transmit(fd, address, count, NO_SIGNAL);
  }

  /** As {@link send}, and the bytes wait for those that are sent right after them (MSG_MORE, send(2)): all go in one packet. */
  sendWithMore(fd: number, { address }: Block, count: number): number {
    return this.#transmit(fd, address, count, NO_SIGNAL_MORE);
  }

  /** Sends bytes of a block from a place on. */
  sendFrom(fd: number, { address }: Block, offset: number, count: number): number {
    return this.#transmit(fd, address + BigInt(offset), count, NO_SIGNAL);
  }

  #transmit(fd: number, address: bigint, count: number, flags: bigint): number {
    for (;;) {
      this.#words[0] = count;
      const sent = this.#send(this.#register(fd), address, this.#registers[0] as bigint, flags);
      if (sent !== -1) return sent;
      const error = this.#error();
      if (error !== -errno.EINTR) return error;
    }
  }

  /** Moves bytes between a socket and a pipe, within the kernel. 0: FIN came. */
  splice(from: number, to: number, count: number): number {
    for (;;) {
      this.#words[0] = count;
      const moved = this.#splice(
        this.#register(from),
        0n,
        this.#register(to),
        0n,
        this.#registers[0] as bigint,
        SPLICE,
      );
      if (moved !== -1) return moved;
      const error = this.#error();
      if (error !== -errno.EINTR) return error;
    }
  }

  /** A pipe; `ends` are set to the descriptors for reading and for writing. */
  pipe(ends: Int32Array, size: number): number {
    const result = this.#result(this.#calls.pipe2(this.#ends.address, BigInt(O_NONBLOCK | O_CLOEXEC)));
    if (result < 0) return result;
    ends[0] = this.#ends.bytes.readInt32LE(0);
    ends[1] = this.#ends.bytes.readInt32LE(4);
    // Where the user has too much in pipes already (pipe(7), pipe-user-pages-soft) it stays as small as it is.
    this.#calls.fcntl(this.#register(ends[1]), BigInt(F_SETPIPE_SZ), BigInt(size));
    return 0;
  }

  /** Sends FIN. */
  finish(fd: number): number {
    return this.#result(this.#calls.shutdown(this.#register(fd), WRITING));
  }

  /** The descriptor is gone whatever comes of it (close(2), "Dealing with error returns from close()"). */
  close(fd: number): void {
    this.#calls.close(this.#register(fd), 0n);
  }

  /** Sends RST, drops what was not sent, and closes. */
  reset(fd: number): void {
    this.#calls.setsockopt(this.#register(fd), LEVEL_SOCKET, BigInt(SO_LINGER), this.#linger.address, 8n);
    this.close(fd);
  }

  #register(number: number): bigint {
    if (number >= this.#small.length)
      this.#small = BigUint64Array.from({ length: 2 * number }, (_, value) => BigInt(value));
    return this.#small[number] as bigint;
  }

  #result(value: number): number {
    return value === -1 ? this.#error() : value;
  }

  #error(): number {
    return -(this.#errno[0] as number);
  }
}
