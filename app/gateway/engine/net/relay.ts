import type { OnReadOpts, Socket } from "node:net";
import { READ_SIZE, finish } from "./sockets.ts";

/**
 * Every upstream read of this thread lands here; what was read is copied out before the next, as a write that the kernel doesn't take at once
 * goes on reading its memory.
 */
const readBuffer = Buffer.allocUnsafeSlow(READ_SIZE);

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
}

/**
 * Moves bytes between two sockets, each direction for itself: a side that doesn't take more stops the other from being read, and a FIN is a
 * FIN on the other side. Nothing is read from the client before {@link start}.
 */
export class Relay {
  readonly #downstream: Socket;
  readonly #observer: RelayObserver;
  /** For the socket that is to become the upstream: Node reads into {@link readBuffer} instead of a new buffer each time. */
  readonly onread: OnReadOpts;

  constructor(downstream: Socket, observer: RelayObserver) {
    this.#downstream = downstream;
    this.#observer = observer;
    this.onread = {
      buffer: readBuffer,
      callback: (count, buffer) => {
        observer.sent(count);
        if (downstream.write(Buffer.from(buffer.subarray(0, count)))) return true;
        observer.paused("upstream");
        return false;
      },
    };
  }

  /** Lets bytes flow. */
  start(upstream: Socket): void {
    const downstream = this.#downstream;
    const observer = this.#observer;
    downstream.on("drain", () => upstream.resume());
    upstream.on("drain", () => downstream.resume());
    upstream.on("end", () => {
      observer.ended("upstream");
      finish(downstream);
    });
    downstream.on("end", () => {
      observer.ended("downstream");
      finish(upstream);
    });
    downstream.on("data", (chunk: Buffer) => {
      observer.received(chunk.length);
      if (upstream.write(chunk)) return;
      observer.paused("downstream");
      downstream.pause();
    });
    downstream.resume();
  }
}
