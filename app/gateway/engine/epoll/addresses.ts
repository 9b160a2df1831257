import { AF_INET } from "../../native/constants.ts";
import { addressText } from "../../protocol/proxy-protocol/addresses.ts";

/** What an IPv4 address is mapped into IPv6 with (RFC 4291, section 2.5.5.2). */
const MAPPED = Buffer.from("00000000000000000000ffff", "hex");

/** Writes the address in a `struct sockaddr` as 16 bytes, IPv4 mapped; gives the port. */
export function readSocketAddress(name: Buffer, into: Uint8Array, at: number): number {
  if (name.readUInt16LE(0) === AF_INET) {
    into.set(MAPPED, at);
    for (let index = 0; index < 4; index++) into[at + 12 + index] = name[4 + index] as number;
  } else for (let index = 0; index < 16; index++) into[at + index] = name[8 + index] as number;
  return name.readUInt16BE(2);
}

/** Sixteen bytes as eight groups, as `parseAddress` gives them. */
export function addressGroups(bytes: Uint8Array, at: number, groups: Uint16Array): void {
  for (let index = 0; index < 8; index++) {
    groups[index] = ((bytes[at + 2 * index] as number) << 8) | (bytes[at + 2 * index + 1] as number);
  }
}

/** Sixteen bytes as text: a mapped address is IPv4. */
export function plainAddressText(bytes: Uint8Array, at: number): string {
  if (isMapped(bytes, at)) return `${bytes[at + 12]}.${bytes[at + 13]}.${bytes[at + 14]}.${bytes[at + 15]}`;
  return addressText(Buffer.from(bytes.buffer, bytes.byteOffset + at, 16));
}

function isMapped(bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < MAPPED.length; index++) if (bytes[at + index] !== MAPPED[index]) return false;
  return true;
}
