import type { Calls, NativeCalls } from "./calls.ts";
import { createBlock, type Block } from "./memory.ts";

/** The end of an eventfd(2) that is woken. */
export class Wakeup {
  readonly fd: number;
  readonly #calls: Calls;
  readonly #counter: Block;

  constructor(native: NativeCalls, fd: number) {
    this.fd = fd;
    this.#calls = native.calls;
    this.#counter = createBlock(native, 8);
  }

  /** Takes all calls so far, so that the next one is told again. */
  take(): void {
    this.#calls.read(BigInt(this.fd), this.#counter.address, BigInt(this.#counter.bytes.length));
  }
}
