import { isIPv4, isIPv6 } from "node:net";
import { MAX_V1, type ProxyAddresses } from "./header.ts";
import type { ParsedHeader } from "./parse.ts";

/** A v1 line (2.1). `bytes` start with "PROXY ". */
export function parseV1(bytes: Buffer): ParsedHeader {
  const end = bytes.subarray(0, MAX_V1).indexOf("\r\n");
  if (end < 0) {
    if (bytes.length >= MAX_V1) return invalid(`its line does not end within ${MAX_V1} bytes`);
    const odd = bytes.findIndex((byte, at) => byte < 0x20 && !(byte === 0x0d && at === bytes.length - 1));
    return odd < 0 ? { kind: "incomplete", wanted: bytes.length + 1 } : invalid("there is a control character in it");
  }
  const [, protocol, ...fields] = bytes.toString("latin1", 0, end).split(" ");
  // What follows UNKNOWN is to be ignored.
  const addresses = protocol === "UNKNOWN" ? undefined : addressesOf(protocol, fields);
  if (typeof addresses === "string") return invalid(addresses);
  return { kind: "header", header: { version: 1, command: "PROXY", addresses, tlvs: [] }, length: end + 2 };
}

/** The addresses, or what is wrong with them. */
function addressesOf(protocol: string | undefined, fields: readonly string[]): ProxyAddresses | string {
  if (protocol !== "TCP4" && protocol !== "TCP6") return "its protocol is none of TCP4, TCP6 and UNKNOWN";
  const [sourceAddress = "", destinationAddress = "", source = "", destination = ""] = fields;
  if (fields.length !== 4) return "it has not four fields behind its protocol";
  const isAddress = protocol === "TCP4" ? isIPv4 : isPlainIPv6;
  if (!isAddress(sourceAddress) || !isAddress(destinationAddress)) return `an address is none of ${protocol}`;
  const sourcePort = portOf(source);
  const destinationPort = portOf(destination);
  if (sourcePort === undefined || destinationPort === undefined) return "a port is no number from 0 to 65535";
  const family = protocol === "TCP4" ? "IPv4" : "IPv6";
  return { family, sourceAddress, sourcePort, destinationAddress, destinationPort };
}

function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes("%");
}

/** "Leading zeroes are not permitted". */
function portOf(text: string): number | undefined {
  return /^(0|[1-9][0-9]{0,4})$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined;
}

/** The line for addresses; UNKNOWN where there are none that v1 can tell. */
export function formatV1(addresses: ProxyAddresses | undefined): Buffer {
  if (addresses === undefined || addresses.family === "Unix") return Buffer.from("PROXY UNKNOWN\r\n", "latin1");
  const { family, sourceAddress, sourcePort, destinationAddress, destinationPort } = addresses;
  const protocol = family === "IPv4" ? "TCP4" : "TCP6";
  const line = `PROXY ${protocol} ${sourceAddress} ${destinationAddress} ${sourcePort} ${destinationPort}\r\n`;
  return Buffer.from(line, "latin1");
}

function invalid(why: string): ParsedHeader {
  return { kind: "invalid", why: `A PROXY header of version 1 cannot be used as ${why}` };
}
