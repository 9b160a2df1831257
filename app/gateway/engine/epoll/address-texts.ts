import { plainAddressText } from "./addresses.ts";
import { ADDRESS_SIZE } from "./table.ts";

/** Addresses whose text is kept; a power of two. */
const KEPT = 1024;

/** Addresses as text, which is made once for those that come again, and then is the same string: whoever has it in a map hashes it once. */
export class AddressTexts {
  readonly #addresses = new Uint8Array(KEPT * ADDRESS_SIZE);
  readonly #texts: (string | undefined)[] = new Array<undefined>(KEPT).fill(undefined);

  /** Of the sixteen bytes from a place on. */
  of(bytes: Uint8Array, at: number): string {
    const place = placeOf(bytes, at);
    const known = this.#texts[place];
    if (known !== undefined && this.#has(place, bytes, at)) return known;
    const text = plainAddressText(bytes, at);
    this.#addresses.set(bytes.subarray(at, at + ADDRESS_SIZE), place * ADDRESS_SIZE);
    return (this.#texts[place] = text);
  }

  #has(place: number, bytes: Uint8Array, at: number): boolean {
    const from = place * ADDRESS_SIZE;
    for (let index = ADDRESS_SIZE - 1; index >= 0; index--)
      if (this.#addresses[from + index] !== bytes[at + index]) return false;
    return true;
  }
}

/** Any two of a network are in different places where there are no more than are kept, and so are most of others. */
function placeOf(bytes: Uint8Array, at: number): number {
  const last = ((bytes[at + 14] as number) << 8) | (bytes[at + 15] as number);
  const before = ((bytes[at + 12] as number) << 8) | (bytes[at + 13] as number);
  return (last ^ Math.imul(before, 0x9e37)) & (KEPT - 1);
}
