import type { NativeCalls } from "./calls.ts";

/** Bytes that the kernel may be given the address of: whoever does that keeps the block meanwhile. */
export interface Block {
  readonly bytes: Buffer<ArrayBuffer>;
  readonly address: bigint;
}

export function createBlock({ address }: NativeCalls, size: number): Block {
  const memory = new ArrayBuffer(size);
  return { bytes: Buffer.from(memory), address: address(memory) };
}
