import { crc32c } from "../crc32c.ts";
import { Reader } from "../reader.ts";
import { addressBytes, addressText } from "./addresses.ts";
import { MAX_V2, signature, tlvType, type ProxyAddresses, type ProxyHeader, type Tlv } from "./header.ts";
import type { ParsedHeader } from "./parse.ts";

/** Bytes before the addresses: signature, version and command, family and protocol, length (2.2). */
const FIXED = 16;

/** Bytes of the addresses, by family. */
const sizes = { IPv4: 12, IPv6: 36, Unix: 216 } as const;

/** Families and protocols by their byte; datagrams (0x12, 0x22, 0x32) are none that a TCP gateway takes. */
const families: Readonly<Record<number, ProxyAddresses["family"]>> = { 0x11: "IPv4", 0x21: "IPv6", 0x31: "Unix" };

const lengthOfPath = 108;

/** A binary header (2.2). `bytes` start with the signature. */
export function parseV2(bytes: Buffer): ParsedHeader {
  if (bytes.length < FIXED) return { kind: "incomplete", wanted: FIXED };
  const [versionAndCommand = 0, familyAndProtocol = 0] = bytes.subarray(12, 14);
  const length = FIXED + bytes.readUInt16BE(14);
  const command = ({ 0x20: "LOCAL", 0x21: "PROXY" } as const)[versionAndCommand];
  if (command === undefined) return invalid(`its version and command are 0x${hex(versionAndCommand)}`);
  if (length > MAX_V2) return invalid(`it announces ${length} bytes, more than ${MAX_V2}`);
  if (bytes.length < length) return { kind: "incomplete", wanted: length };

  const whole = bytes.subarray(0, length);
  const reader = new Reader(whole.subarray(FIXED));
  const family = families[familyAndProtocol];
  // UNSPEC, and whatever comes with LOCAL: the length alone is to be trusted.
  if (command === "LOCAL" || familyAndProtocol === 0) {
    return { kind: "header", header: { version: 2, command, addresses: undefined, tlvs: [] }, length };
  }
  if (family === undefined) return invalid(`its family and protocol are 0x${hex(familyAndProtocol)}, not a stream's`);
  const block = reader.bytes(sizes[family]);
  if (block === undefined) return invalid(`it is too short for ${family} addresses`);
  const tlvs = parseTlvs(reader);
  if (tlvs === undefined) return invalid("its TLVs do not end where it ends");
  if (!checksumHolds(whole, tlvs)) return invalid("its CRC32c is wrong");
  return { kind: "header", header: { version: 2, command, addresses: addressesOf(family, block), tlvs }, length };
}

function addressesOf(family: ProxyAddresses["family"], block: Buffer): ProxyAddresses {
  if (family === "Unix") {
    return {
      family,
      sourcePath: pathOf(block.subarray(0, lengthOfPath)),
      destinationPath: pathOf(block.subarray(lengthOfPath)),
    };
  }
  const size = family === "IPv4" ? 4 : 16;
  return {
    family,
    sourceAddress: addressText(block.subarray(0, size)),
    destinationAddress: addressText(block.subarray(size, 2 * size)),
    sourcePort: block.readUInt16BE(2 * size),
    destinationPort: block.readUInt16BE(2 * size + 2),
  };
}

function pathOf(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/\0+$/, "");
}

/** All vectors to the end; undefined: the last one does not end there. */
export function parseTlvs(reader: Reader): Tlv[] | undefined {
  const found: Tlv[] = [];
  while (reader.left > 0) {
    const type = reader.uint8();
    const value = reader.bytes(reader.uint16());
    if (type === undefined || value === undefined) return undefined;
    // The header's memory is the socket's, and longer than it.
    found.push({ type, value: Buffer.from(value) });
  }
  return found;
}

/** Without a checksum it holds; with one it is that of the whole header with zeros in its place (2.2.3). */
function checksumHolds(header: Buffer, tlvs: readonly Tlv[]): boolean {
  const checksums = tlvs.filter(({ type }) => type === tlvType.crc32c);
  const [only] = checksums;
  if (only === undefined) return true;
  if (checksums.length > 1 || only.value.length !== 4) return false;
  const behind = tlvs.slice(tlvs.indexOf(only) + 1).reduce((sum, { value }) => sum + 3 + value.length, 0);
  const at = header.length - behind - 4;
  const zeroed = Buffer.from(header).fill(0, at, at + 4);
  return crc32c(zeroed) === only.value.readUInt32BE(0);
}

export interface V2Options {
  /** Adds a checksum (2.2.3). */
  readonly checksum?: boolean;
}

/** The bytes of a header; a CRC32C among its TLVs is left out, as it would be another header's. */
export function formatV2(
  { command, addresses, tlvs }: Pick<ProxyHeader, "command" | "addresses" | "tlvs">,
  { checksum = false }: V2Options = {},
): Buffer {
  const vectors = tlvs.filter(({ type }) => type !== tlvType.crc32c);
  if (checksum) vectors.push({ type: tlvType.crc32c, value: Buffer.alloc(4) });
  const body = Buffer.concat([blockOf(addresses), formatTlvs(vectors)]);
  if (FIXED + body.length > MAX_V2) {
    throw new RangeError(`Cannot send a PROXY header of ${FIXED + body.length} bytes: ${MAX_V2} is the most`);
  }
  const fixed = Buffer.alloc(4);
  fixed[0] = command === "PROXY" ? 0x21 : 0x20;
  fixed[1] = addresses === undefined ? 0 : { IPv4: 0x11, IPv6: 0x21, Unix: 0x31 }[addresses.family];
  fixed.writeUInt16BE(body.length, 2);
  const header = Buffer.concat([signature, fixed, body]);
  if (checksum) header.writeUInt32BE(crc32c(header), header.length - 4);
  return header;
}

/** One behind the other. */
export function formatTlvs(vectors: readonly Tlv[]): Buffer {
  return Buffer.concat(
    vectors.flatMap(({ type, value }) => {
      const head = Buffer.alloc(3);
      head[0] = type;
      head.writeUInt16BE(value.length, 1);
      return [head, value];
    }),
  );
}

function blockOf(addresses: ProxyAddresses | undefined): Buffer {
  if (addresses === undefined) return Buffer.alloc(0);
  if (addresses.family === "Unix") {
    const block = Buffer.alloc(sizes.Unix);
    block.write(addresses.sourcePath, 0, lengthOfPath, "latin1");
    block.write(addresses.destinationPath, lengthOfPath, lengthOfPath, "latin1");
    return block;
  }
  const { family, sourceAddress, sourcePort, destinationAddress, destinationPort } = addresses;
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(sourcePort, 0);
  ports.writeUInt16BE(destinationPort, 2);
  return Buffer.concat([addressBytes(family, sourceAddress), addressBytes(family, destinationAddress), ports]);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function invalid(why: string): ParsedHeader {
  return { kind: "invalid", why: `A PROXY header of version 2 cannot be used as ${why}` };
}
