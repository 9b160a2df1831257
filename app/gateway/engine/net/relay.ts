import type { OnReadOpts, Socket } from "node:net";
import { READ_SIZE, finish } from "./sockets.ts";

/**
 * Every upstream read of this thread lands here; what was read is copied out before the next, as a write that the kernel doesn't take at once
 * goes on reading its memory.
 */
const readBuffer = Buffer.allocUnsafeSlow(READ_SIZE);

/** Bytes of a client that are held until its upstream stands; one read of 64 KiB may come on top. */
const HOLD_LIMIT = 64 * 1024;

/** Who is told what happens to the two directions. */
export interface RelayObserver {
  /** Bytes came from the client. */
  received(count: number): void;
  /** Bytes went to the client. */
  sent(count: number): void;
  /** Reading from one side stopped as the other doesn't take more. */
  paused(side: "downstream" | "upstream"): void;
  /** A side sent FIN; it is passed on behind what that side sent before. */
  ended(side: "downstream" | "upstream"): void;
  /** The program made a mistake: the relay cannot go on. */
  failed(error: unknown): void;
}

/**
 * Moves bytes between two sockets, each direction for itself: a side that doesn't take more stops the other from being read, and a FIN is a
 * FIN on the other side. The client is read from the beginning, so that its reset is noticed while its upstream is still being connected; what it sends until then is held, within bounds.
 */
export class Relay {
  readonly #downstream: Socket;
  readonly #observer: RelayObserver;
  readonly #held: Buffer[] = [];
  #heldBytes = 0;
  #ended = false;
  #upstream: Socket | undefined;
  /** For the socket that is to become the upstream: Node reads into {@link readBuffer} instead of a new buffer each time. */
  readonly onread: OnReadOpts;

  constructor(downstream: Socket, observer: RelayObserver) {
    this.#downstream = downstream;
    this.#observer = observer;
    this.onread = {
      buffer: readBuffer,
      callback: (count, buffer) => {
        try {
          return this.#toClient(Buffer.from(buffer.subarray(0, count)));
        } catch (error) {
          observer.failed(error);
          return false;
        }
      },
    };
    downstream.on("data", (chunk: Buffer) => {
      try {
        this.#fromClient(chunk);
      } catch (error) {
        observer.failed(error);
      }
    });
    downstream.on("end", () => {
      this.#ended = true;
      observer.ended("downstream");
      if (this.#upstream !== undefined) finish(this.#upstream);
    });
    downstream.resume();
  }

  /** Lets bytes flow, first those that are held. */
  start(upstream: Socket): void {
    const downstream = this.#downstream;
    this.#upstream = upstream;
    downstream.on("drain", () => upstream.resume());
    upstream.on("drain", () => downstream.resume());
    // Of a socket without onread, such as that of TLS.
    upstream.on("data", (chunk: Buffer) => {
      try {
        if (!this.#toClient(chunk)) upstream.pause();
      } catch (error) {
        this.#observer.failed(error);
      }
    });
    upstream.on("end", () => {
      this.#observer.ended("upstream");
      finish(downstream);
    });
    upstream.resume();
    for (const chunk of this.#held.splice(0)) upstream.write(chunk);
    if (this.#ended) finish(upstream);
    if (upstream.writableNeedDrain) this.#pauseClient();
    else downstream.resume();
  }

  #toClient(chunk: Buffer): boolean {
    this.#observer.sent(chunk.length);
    if (this.#downstream.write(chunk)) return true;
    this.#observer.paused("upstream");
    return false;
  }

  #fromClient(chunk: Buffer): void {
    this.#observer.received(chunk.length);
    if (this.#upstream === undefined) {
      this.#held.push(chunk);
      this.#heldBytes += chunk.length;
      if (this.#heldBytes >= HOLD_LIMIT) this.#downstream.pause();
    } else if (!this.#upstream.write(chunk)) this.#pauseClient();
  }

  #pauseClient(): void {
    this.#observer.paused("downstream");
    this.#downstream.pause();
  }
}
