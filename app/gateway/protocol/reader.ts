/** Reads big-endian fields off the front of some bytes, and never past their end: what is not there is undefined, and stays so. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  uint8(): number | undefined {
    return this.#number(1);
  }

  uint16(): number | undefined {
    return this.#number(2);
  }

  uint24(): number | undefined {
    return this.#number(3);
  }

  uint32(): number | undefined {
    return this.#number(4);
  }

  /** A view of the next bytes: shared memory, not a copy. */
  bytes(count: number | undefined): Buffer | undefined {
    if (count === undefined || count > this.left) {
      this.#at = this.#bytes.length;
      return undefined;
    }
    return this.#bytes.subarray(this.#at, (this.#at += count));
  }

  #number(size: number): number | undefined {
    return this.bytes(size)?.readUIntBE(0, size);
  }
}
