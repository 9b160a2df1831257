import { parseAddress } from "../../../routing/subnet.ts";

const groups = new Uint16Array(8);

/**
 * 32 bits of an IP address, the same for all of its spellings: IPv4 and IPv4-mapped IPv6, compressed or not. Of what is no address, 32 bits of its text.
 *
 * @param seed - another one is another, independent hash
 */
export function hashAddress(address: string, seed = 0): number {
  if (!parseAddress(address, groups)) return hashText(address, seed);
  let value = seed;
  for (let index = 0; index < 8; index += 2) {
    value = mix(value, ((groups[index] as number) << 16) | (groups[index + 1] as number));
  }
  return finish(value ^ 16);
}

/** 32 bits of a text, as UTF-16. */
export function hashText(text: string, seed = 0): number {
  let value = seed;
  for (let index = 0; index < text.length; index++) value = mix(value, text.charCodeAt(index));
  return finish(value ^ text.length);
}

/** Another hash of a hash. */
export function rehash(value: number, round: number): number {
  return finish(mix(value, round));
}

/** MurmurHash3's round and finalizer for 32 bits (Austin Appleby, public domain). */
function mix(value: number, block: number): number {
  const scrambled = Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotate(value ^ scrambled, 13), 5) + 0xe6546b64) | 0;
}

function finish(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
