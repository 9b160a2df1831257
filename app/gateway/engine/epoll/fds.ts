import { EPOLLET, EPOLLIN, EPOLLOUT, EPOLLRDHUP } from "../../native/constants.ts";
import { grown } from "./columns.ts";

/** What is waited for of a connection's socket; told once for each time that it comes true. */
export const SOCKET_EVENTS = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

/** What a descriptor of the loop's epoll set is. */
export const kind = {
  free: 0,
  /** Another thread's call. */
  wake: 1,
  listener: 2,
  /** A client. */
  downstream: 3,
  /** An endpoint. */
  upstream: 4,
  /** Held for the loop itself. */
  own: 5,
} as const;

type Kind = (typeof kind)[keyof typeof kind];

/** How things stand with a socket. */
export const flag = {
  /** The kernel told of something to read, which nobody has looked at: edge-triggered, it does not tell again. */
  readable: 1,
  /** The kernel told besides that FIN is behind that, of which it does not tell again either. */
  ending: 32,
  /** Not read, as its peer does not take more. */
  held: 2,
  /** FIN came. */
  ended: 4,
  /** Besides, nothing is told of what comes to it. */
  hushed: 64,
  /** Its bytes go through a pipe. */
  piped: 8,
  /** In the queue of those that go on in the next turn. */
  queued: 16,
} as const;

/**
 * What the loop knows of each descriptor, by its number. The kernel gives numbers again at once, so each use of one has a generation: an event, or anything else that was noted down before, is for the
 * descriptor only where the generation is still the same.
 */
export class Fds {
  /** In memory that outlives the thread. */
  readonly kinds: Uint8Array<SharedArrayBuffer>;
  flags = new Uint8Array(0);
  /** Reads in a row that took all that they might. */
  full = new Uint8Array(0);
  generations = new Int32Array(0);
  /** Connection of a socket, or the listener of one that listens. */
  slots = new Int32Array(0);
  /** The connection's other socket; -1: none yet. */
  peers = new Int32Array(0);

  constructor(descriptors: SharedArrayBuffer) {
    this.kinds = new Uint8Array(descriptors);
  }

  /** Begins a use of a descriptor. */
  open(fd: number, is: Kind, slot: number): void {
    if (fd >= this.flags.length) this.#grow(fd);
    this.kinds[fd] = is;
    this.flags[fd] = 0;
    this.full[fd] = 0;
    this.slots[fd] = slot;
    this.peers[fd] = -1;
  }

  /** Ends it; before the descriptor is closed, as it may be somebody else's right after. */
  close(fd: number): void {
    this.kinds[fd] = kind.free;
    this.generations[fd] = (this.generation(fd) + 1) | 0;
  }

  /** Whether one of the flags is set. */
  has(fd: number, flags: number): boolean {
    return ((this.flags[fd] as number) & flags) !== 0;
  }

  note(fd: number, flags: number): void {
    this.flags[fd] = (this.flags[fd] as number) | flags;
  }

  unnote(fd: number, flags: number): void {
    this.flags[fd] = (this.flags[fd] as number) & ~flags;
  }

  kindOf(fd: number): Kind {
    return this.kinds[fd] as Kind;
  }

  generation(fd: number): number {
    return this.generations[fd] as number;
  }

  #grow(fd: number): void {
    const capacity = Math.max(256, 2 * fd);
    this.flags = grown(this.flags, capacity);
    this.full = grown(this.full, capacity);
    this.generations = grown(this.generations, capacity);
    this.slots = grown(this.slots, capacity);
    this.peers = grown(this.peers, capacity);
  }
}
