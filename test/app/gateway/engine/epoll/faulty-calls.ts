import assert from "node:assert/strict";
import { loadCalls, type Calls, type NativeCalls } from "../../../../../app/gateway/native/calls.ts";
import { EPOLL_CTL_ADD, EPOLL_CTL_MOD } from "../../../../../app/gateway/native/constants.ts";
import { epollEventLayout } from "../../../../../app/gateway/native/epoll-event.ts";
import { errno } from "../../../../../app/gateway/native/errno.ts";
import { createBlock, type Block } from "../../../../../app/gateway/native/memory.ts";
import type { Random } from "../../../support/random.ts";

type Name = keyof Calls;

/** Errors that a call may fail with, by call; one of them is drawn. */
export type Faults = { readonly [Call in Name]?: readonly (keyof typeof errno)[] };

/** What costs time and nothing else. */
export const harmless: Faults = {
  recv: ["EAGAIN", "EINTR", "ENOBUFS", "ENOMEM"],
  send: ["EAGAIN", "EINTR", "ENOBUFS", "ENOMEM"],
  splice: ["EAGAIN", "EINTR", "ENOMEM"],
  pipe2: ["EMFILE", "ENFILE"],
  accept4: ["EAGAIN", "EINTR", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"],
  epoll_wait: ["EINTR"],
};

/** What ends connections. */
export const deadly: Faults = {
  recv: ["ECONNRESET", "ETIMEDOUT"],
  send: ["ECONNRESET", "EPIPE"],
  splice: ["ECONNRESET", "EPIPE"],
  socket: ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"],
  connect: ["EADDRNOTAVAIL", "ENETUNREACH", "ECONNREFUSED", "ENOBUFS"],
  shutdown: ["ENOTCONN"],
  getsockname: ["ENOBUFS"],
  epoll_ctl: ["ENOMEM", "ENOSPC"],
};

/** Calls that may do less than they were asked for: where their length stands. */
const partial: { readonly [Call in Name]?: number } = { recv: 2, send: 2, splice: 4 };

/** Descriptors of the sockets that a call is about, which the kernel tells of again when it can be made. */
const about: { readonly [Call in Name]?: readonly number[] } = { recv: [0], send: [0], splice: [0, 2] };

/**
 * The machine's calls, of which some fail or do less than they should: short reads and writes, EAGAIN at every place, interruptions, shortages, broken connections. As the kernel tells again of a
 * socket that could not be read or written to once it can, so does this.
 */
export class FaultyCalls implements NativeCalls {
  readonly calls: Calls;
  readonly errno = new Int32Array(1);
  readonly address: NativeCalls["address"];
  /** How often each call has failed or did less. */
  readonly injected = new Map<Name, number>();
  /** From 0, which is never, to 1. */
  rate = 0;
  readonly #native: NativeCalls;
  readonly #random: Random;
  readonly #faults: readonly Faults[];
  readonly #event: Block;
  /** What is waited for of each descriptor: the epoll set, and the event's words. */
  readonly #waited = new Map<bigint, { readonly epoll: bigint; readonly event: Buffer }>();

  constructor(random: Random, ...faults: readonly Faults[]) {
    const native = loadCalls();
    assert.ok(native);
    this.#native = native;
    this.address = native.address;
    this.#random = random;
    this.#faults = faults;
    this.#event = createBlock(native, 4 * epollEventLayout(process.arch).size);
    const names = Object.keys(native.calls) as Name[];
    this.calls = Object.fromEntries(
      names.map((name) => [name, (...values: bigint[]) => this.#call(name, values)]),
    ) as unknown as Calls;
  }

  #call(name: Name, values: bigint[]): number {
    if (name === "epoll_ctl") this.#note(values);
    // What is waited for already needs no memory.
    const sure = name === "epoll_ctl" && values[1] !== BigInt(EPOLL_CTL_ADD);
    if (!sure && this.#random.next() < this.rate) {
      const fault = this.#fault(name);
      if (fault !== undefined) {
        this.#count(name);
        if (fault === "EAGAIN") this.#tellAgain(name, values);
        this.errno[0] = errno[fault];
        return -1;
      }
    }
    const length = partial[name];
    if (length !== undefined && this.#random.next() < this.rate) {
      this.#count(name);
      values[length] = BigInt(1 + this.#random.below(Number(values[length])));
      this.#tellAgain(name, values);
    }
    const result = (this.#native.calls[name] as (...values: bigint[]) => number)(...values);
    this.errno[0] = this.#native.errno[0] ?? 0;
    return result;
  }

  /** undefined: the call is made as it is. */
  #fault(name: Name): keyof typeof errno | undefined {
    const candidates = this.#faults.flatMap((faults) => faults[name] ?? []);
    return candidates[this.#random.below(candidates.length)];
  }

  #count(name: Name): void {
    this.injected.set(name, (this.injected.get(name) ?? 0) + 1);
  }

  #note([epoll, operation, fd, event]: bigint[]): void {
    if (epoll === undefined || fd === undefined || event === undefined || operation !== BigInt(EPOLL_CTL_ADD)) return;
    const { toBuffer } = process.getBuiltinModule("node:ffi");
    this.#waited.set(fd, { epoll, event: toBuffer(event, this.#event.bytes.length) });
  }

  #tellAgain(name: Name, values: bigint[]): void {
    for (const place of about[name] ?? []) {
      const fd = values[place];
      const waited = fd === undefined ? undefined : this.#waited.get(fd);
      if (fd === undefined || waited === undefined) continue;
      waited.event.copy(this.#event.bytes);
      this.#native.calls.epoll_ctl(waited.epoll, BigInt(EPOLL_CTL_MOD), fd, this.#event.address);
    }
  }
}
