import { createHash, randomBytes } from "node:crypto";

const digits = "0123456789abcdef";
const length = 8;

/**
 * A prefix and eight random hexadecimal digits. The same seed gives the same name as Pulumi's `resource.NewUniqueName`: the SHA-256 of the seed keys
 * Go's ChaCha8 generator (math/rand/v2), each digit being the next 64-bit number modulo 16. Without a seed it is truly random.
 */
export function uniqueName(prefix: string, seed: Uint8Array = new Uint8Array()): string {
  const key = seed.length === 0 ? randomBytes(32) : createHash("sha256").update(seed).digest();
  return prefix + Array.from(chacha8(key).subarray(0, length), (number) => digits[Number(number % 16n)]).join("");
}

/** "expand 32-byte k". */
const constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;

/**
 * The first 32 numbers of Go's ChaCha8 (https://c2sp.org/chacha8rand): four blocks side by side, their words interleaved, with the key alone added to
 * the output. More than a name needs, so the generator's rekeying is left out.
 */
function chacha8(key: Uint8Array): BigUint64Array {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const keyWords = Array.from({ length: 8 }, (_, index) => view.getUint32(index * 4, true));
  const numbers = new DataView(new ArrayBuffer(256));
  for (let block = 0; block < 4; block++) {
    const state = Uint32Array.from([...constants, ...keyWords, block, 0, 0, 0]);
    for (let round = 0; round < 8; round += 2) {
      for (let column = 0; column < 4; column++) quarterRound(state, column, column + 4, column + 8, column + 12);
      for (let column = 0; column < 4; column++)
        quarterRound(state, column, ((column + 1) % 4) + 4, ((column + 2) % 4) + 8, ((column + 3) % 4) + 12);
    }
    keyWords.forEach((word, index) => add(state, index + 4, word));
    state.forEach((word, index) => numbers.setUint32((index * 4 + block) * 4, word, true));
  }
  return BigUint64Array.from({ length: 32 }, (_, index) => numbers.getBigUint64(index * 8, true));
}

const word = (state: Uint32Array, index: number): number => state[index] ?? 0;

function add(state: Uint32Array, index: number, value: number): void {
  state[index] = word(state, index) + value;
}

function xorRotate(state: Uint32Array, target: number, source: number, bits: number): void {
  const mixed = word(state, target) ^ word(state, source);
  state[target] = (mixed << bits) | (mixed >>> (32 - bits));
}

function quarterRound(state: Uint32Array, a: number, b: number, c: number, d: number): void {
  add(state, a, word(state, b));
  xorRotate(state, d, a, 16);
  add(state, c, word(state, d));
  xorRotate(state, b, c, 12);
  add(state, a, word(state, b));
  xorRotate(state, d, a, 8);
  add(state, c, word(state, d));
  xorRotate(state, b, c, 7);
}
