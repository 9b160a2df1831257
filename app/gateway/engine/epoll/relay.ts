import { EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT, EPOLLRDHUP } from "../../native/constants.ts";
import { errno } from "../../native/errno.ts";
import type { Block } from "../../native/memory.ts";
import { Coalescing } from "./coalescing.ts";
import type { Core } from "./core.ts";
import type { Endings } from "./endings.ts";
import { describeFailure, isShortage } from "./failures.ts";
import { flag, kind, SOCKET_EVENTS } from "./fds.ts";
import type { Leftovers } from "./leftovers.ts";
import { reportOutcome } from "./outcomes.ts";
import { PIPE_SIZE, type Pipe, type Pipes } from "./pipes.ts";
import type { Turns } from "./turns.ts";

/** Bytes of a direction's first reads: what its peer doesn't take at once has to be held, so that a direction has to show first that its bytes are taken. */
const FIRST_READ = 64 * 1024;

/** Bytes that one read takes at most, which is what one direction holds at most. */
export const READ_SIZE = 256 * 1024;

/** Reads in a row that took all that they might, after which a direction's bytes stay in the kernel. */
const BULK = 3;

/** A direction of which less than so many bytes come, so many times in a row, moves no bulk any more. */
const SMALL_MOVE = 16 * 1024;
const SMALL_MOVES = 4;

/** Reads of one socket in a row before others have their turn. */
const MAX_READS = 16;

/** What tells that a socket will have no more to read at some point, so that it is read to its end. */
const ENDS = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

/**
 * Moves bytes between two sockets, each direction for itself: a side that doesn't take more stops the other from being read, and a FIN is a FIN on the other side. All reads of the thread go to one
 * block, and what was read is sent before the next read; a direction that moves much goes through a pipe, so that its bytes are not copied here (splice(2)).
 */
export class Relay {
  readonly #core: Core;
  readonly #endings: Endings;
  readonly #leftovers: Leftovers;
  readonly #pipes: Pipes;
  readonly #coalescing: Coalescing;
  readonly #block: Block;
  readonly #turns: Turns;

  /** @param block - of {@link READ_SIZE} */
  constructor(core: Core, endings: Endings, leftovers: Leftovers, pipes: Pipes, turns: Turns, block: Block) {
    this.#core = core;
    this.#endings = endings;
    this.#leftovers = leftovers;
    this.#pipes = pipes;
    this.#coalescing = new Coalescing(core, pipes, turns);
    this.#turns = turns;
    this.#block = block;
  }

  /**
   * Lets bytes flow.
   *
   * @param first - what the endpoint gets before the client's first byte
   */
  start(slot: number, first: Buffer | undefined): void {
    const { table, fds } = this.#core;
    const downstream = table.downstreams[slot] as number;
    const upstream = table.upstreamFds[slot] as number;
    fds.peers[downstream] = upstream;
    fds.peers[upstream] = downstream;
    const readable = fds.has(downstream, flag.readable);
    if (first !== undefined) {
      first.copy(this.#block.bytes);
      const { sockets } = this.#core;
      const sent = readable
        ? sockets.sendWithMore(upstream, this.#block, first.length)
        : sockets.send(upstream, this.#block, first.length);
      if (!this.#delivered(downstream, upstream, sent, first.length)) return;
    }
    if (readable) this.#pump(downstream, fds.has(downstream, flag.ending));
  }

  /** A socket can be read or written to, or has failed. */
  proceed(fd: number, events: number): void {
    const { fds } = this.#core;
    const generation = fds.generation(fd);
    if ((events & EPOLLERR) !== 0 && fds.has(fd, flag.held | flag.ended)) {
      // Nobody reads it, so that nobody else would meet the error.
      const error = this.#core.sockets.pendingError(fd);
      if (error !== 0) this.#broken(fd, fds.has(fd, flag.ended) ? "write" : "read", error);
      return;
    }
    if ((events & EPOLLOUT) !== 0) {
      const from = fds.peers[fd] as number;
      if (fds.has(from, flag.held)) this.#resume(from, fd);
      if (fds.generation(fd) !== generation) return;
    }
    if ((events & (EPOLLIN | ENDS)) === 0 || fds.has(fd, flag.ended)) return;
    if (fds.has(fd, flag.held)) this.#hush(fd);
    else this.#pump(fd, (events & ENDS) !== 0);
  }

  /** A socket goes on without an event. */
  goOn(fd: number): void {
    const { fds } = this.#core;
    if (fds.has(fd, flag.held)) this.#resume(fd, fds.peers[fd] as number);
    else if (!fds.has(fd, flag.ended)) this.#pump(fd, true);
  }

  /** Both sockets of a connection are about to be closed. */
  forget(slot: number): void {
    const { table } = this.#core;
    for (const fd of [table.downstreams[slot] as number, table.upstreamFds[slot] as number]) {
      if (fd === -1) continue;
      this.#leftovers.drop(fd);
      this.#pipes.release(fd);
    }
  }

  /** Reads what is there, and sends it on. */
  #pump(fd: number, toTheEnd: boolean): void {
    const { fds, sockets } = this.#core;
    const to = fds.peers[fd] as number;
    for (let reads = 0; reads < MAX_READS; reads++) {
      const pipe = this.#pipes.of(fd);
      if (pipe !== undefined) {
        if (!this.#move(fd, to, pipe)) return;
        continue;
      }
      const size = fds.full[fd] === 0 ? FIRST_READ : READ_SIZE;
      const count = sockets.recv(fd, this.#block, size);
      if (count <= 0) {
        this.#stopped(fd, to, count);
        return;
      }
      this.#count(fd, count);
      if (!this.#deliver(fd, to, count)) return;
      if (count === size) this.#full(fd);
      else {
        fds.full[fd] = 0;
        // The kernel tells when there is more.
        if (!toTheEnd) return;
      }
    }
    this.#turns.next(fd);
  }

  /** A read took all that it might. */
  #full(fd: number): void {
    const { fds } = this.#core;
    fds.full[fd] = Math.min((fds.full[fd] as number) + 1, BULK);
    if (fds.full[fd] === BULK) this.#pipes.assign(fd);
  }

  /** Moves bytes within the kernel; false: the socket is not to be read on. */
  #move(fd: number, to: number, pipe: Pipe): boolean {
    const { fds } = this.#core;
    const generation = fds.generation(fd);
    const count = this.#core.sockets.splice(fd, pipe.writer, PIPE_SIZE);
    if (count <= 0) {
      this.#stopped(fd, to, count);
      if (count === -errno.EAGAIN) this.#coalescing.waits(fd, pipe);
      return false;
    }
    this.#count(fd, count);
    this.#coalescing.moved(fd, pipe, count);
    pipe.held = count;
    if (!this.#drain(fd, to, pipe)) {
      if (fds.generation(fd) === generation) this.#hold(fd);
      return false;
    }
    pipe.small = count < SMALL_MOVE ? pipe.small + 1 : 0;
    if (pipe.small === SMALL_MOVES) {
      fds.full[fd] = 0;
      this.#coalescing.end(fd, pipe);
      this.#pipes.release(fd);
    }
    return true;
  }

  /** Whether nothing is in the pipe any more. */
  #drain(from: number, to: number, pipe: Pipe): boolean {
    const moved = this.#core.sockets.splice(pipe.reader, to, pipe.held);
    if (!this.#took(from, to, moved)) return false;
    pipe.held -= moved;
    return pipe.held === 0;
  }

  /** Nothing could be read. */
  #stopped(fd: number, to: number, count: number): void {
    if (count === -errno.EAGAIN) this.#listen(fd);
    else if (count === 0) this.#ended(fd, to);
    else if (isShortage(-count)) this.#turns.later(fd);
    else this.#broken(fd, "read", -count);
  }

  /** What comes to a socket that is not read is of no interest until it is: a sender that is faster than its receiver would have the loop turn for each of its packets. */
  #hush(fd: number): void {
    const { fds, epoll } = this.#core;
    if (fds.has(fd, flag.hushed)) return;
    if (epoll.modify(fd, fds.generation(fd), SOCKET_EVENTS & ~EPOLLIN) === 0) fds.note(fd, flag.hushed);
  }

  /** What comes next is waited for; what has come since the last read is told at once. */
  #listen(fd: number): void {
    const { fds, epoll } = this.#core;
    if (!fds.has(fd, flag.hushed)) return;
    if (epoll.modify(fd, fds.generation(fd), SOCKET_EVENTS) === 0) fds.unnote(fd, flag.hushed);
    else this.#turns.later(fd);
  }

  #count(fd: number, count: number): void {
    const { fds, table, now } = this.#core;
    const slot = fds.slots[fd] as number;
    table.activeAt[slot] = now;
    if (fds.kinds[fd] === kind.downstream) table.received[slot] = (table.received[slot] as number) + count;
    else {
      if (table.sent[slot] === 0) this.#answered(slot);
      table.sent[slot] = (table.sent[slot] as number) + count;
    }
  }

  /** Sends the first bytes of the block, and keeps what is not taken; false: what they came from is not to be read on. */
  #deliver(from: number, to: number, count: number): boolean {
    return this.#delivered(from, to, this.#core.sockets.send(to, this.#block, count), count);
  }

  /** Sees to what came of sending the first `count` bytes of the block. */
  #delivered(from: number, to: number, sent: number, count: number): boolean {
    if (sent === count) return true;
    if (sent < 0 && sent !== -errno.EAGAIN && !isShortage(-sent)) {
      this.#broken(to, "write", -sent);
      return false;
    }
    this.#leftovers.keep(to, this.#block.bytes.subarray(Math.max(sent, 0), count));
    this.#hold(from);
    if (isShortage(-sent)) this.#turns.later(from);
    return false;
  }

  #hold(fd: number): void {
    const { fds, options } = this.#core;
    fds.full[fd] = 0;
    fds.note(fd, flag.held);
    options.observer.paused(fds.kinds[fd] === kind.downstream ? "downstream" : "upstream");
  }

  /** `to` takes bytes again: first those that wait, then what is to be read. */
  #resume(from: number, to: number): void {
    const { fds } = this.#core;
    if (!this.#flush(from, to)) return;
    fds.unnote(from, flag.held);
    this.#pump(from, true);
  }

  /** Whether nothing waits any more. */
  #flush(from: number, to: number): boolean {
    const pipe = this.#pipes.of(from);
    if (pipe !== undefined && pipe.held > 0) return this.#drain(from, to, pipe);
    const leftover = this.#leftovers.of(to);
    if (leftover === undefined) return true;
    const sent = this.#core.sockets.sendFrom(to, leftover.block, leftover.offset, leftover.length);
    if (!this.#took(from, to, sent)) return false;
    leftover.offset += sent;
    leftover.length -= sent;
    if (leftover.length > 0) return false;
    this.#leftovers.drop(to);
    return true;
  }

  /** Whether a socket has taken some of what it was given; what came instead of a count is seen to. */
  #took(from: number, to: number, count: number): boolean {
    if (count < 0) {
      if (isShortage(-count)) this.#turns.later(from);
      else if (count !== -errno.EAGAIN) this.#broken(to, "write", -count);
      return false;
    }
    const { fds, table, now } = this.#core;
    table.activeAt[fds.slots[to] as number] = now;
    return true;
  }

  /** FIN came, and all that was before it has been sent on. */
  #ended(fd: number, to: number): void {
    const { fds, table, sockets } = this.#core;
    const slot = fds.slots[fd] as number;
    fds.note(fd, flag.ended);
    if (table.endedBy[slot] === 0) table.endedBy[slot] = fds.kinds[fd] as number;
    if (fds.kinds[fd] === kind.upstream) this.#answered(slot);
    if (fds.has(to, flag.ended)) {
      this.#endings.finish(slot);
      return;
    }
    const failed = sockets.finish(to);
    if (failed !== 0) this.#broken(to, "shutdown", sockets.pendingError(to) || -failed);
  }

  /** The endpoint is alive: it sent its first byte, or its FIN. */
  #answered(slot: number): void {
    reportOutcome(this.#core, slot, "success", "");
  }

  #broken(fd: number, call: string, error: number): void {
    const { fds } = this.#core;
    const slot = fds.slots[fd] as number;
    const detail = describeFailure(call, error);
    if (fds.kinds[fd] === kind.downstream) this.#endings.broken(slot, "downstream", detail);
    else {
      reportOutcome(this.#core, slot, "reset", detail);
      this.#endings.broken(slot, "upstream", detail);
    }
  }
}
