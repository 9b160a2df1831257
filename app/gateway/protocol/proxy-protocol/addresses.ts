import { parseAddress } from "../../../../routing/subnet.ts";

const groups = new Uint16Array(8);

/** The 4 or 16 bytes of an address, in network order. */
export function addressBytes(family: "IPv4" | "IPv6", address: string): Buffer {
  if (!parseAddress(address, groups)) {
    throw new TypeError(`Cannot send ${JSON.stringify(address)} in a PROXY header as it is no IP address`);
  }
  const bytes = Buffer.alloc(16);
  for (const [index, group] of groups.entries()) bytes.writeUInt16BE(group, index * 2);
  return family === "IPv4" ? bytes.subarray(12) : bytes;
}

const mapped = Buffer.from("00000000000000000000ffff", "hex");

/** As text: dotted for 4 bytes, compressed by RFC 5952 for 16. */
export function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.subarray(0, 12).equals(mapped)) return `::ffff:${bytes.subarray(12).join(".")}`;
  const hex = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  // A URL's host is IPv6 in its canonical text, which is RFC 5952's for all others.
  return new URL(`http://[${hex.join(":")}]`).hostname.slice(1, -1);
}
