/** `struct sockaddr_in` (ip(7)) and `struct sockaddr_in6` (ipv6(7)), as Linux has them on every architecture that Node runs on: little-endian. */
import { networkInterfaces } from "node:os";
import { parseAddress } from "../../../routing/subnet.ts";
import { AF_INET, AF_INET6 } from "./constants.ts";

export { AF_INET, AF_INET6 };

/** Bytes of the larger one of the two. */
export const SOCKADDR_SIZE = 28;

export type Family = typeof AF_INET | typeof AF_INET6;

/** An address of a socket; undefined where the text is none. An IPv6 address may name an interface: `fe80::1%eth0`. */
export function socketAddress(text: string, port: number): { family: Family; bytes: ArrayBuffer } | undefined {
  const groups = new Uint16Array(8);
  if (!parseAddress(text, groups)) return undefined;
  const ipv4 = !text.includes(":");
  const bytes = new ArrayBuffer(ipv4 ? 16 : 28);
  const view = new DataView(bytes);
  const family = ipv4 ? AF_INET : AF_INET6;
  view.setUint16(0, family, true);
  view.setUint16(2, port);
  if (ipv4) [6, 7].forEach((group, index) => view.setUint16(4 + 2 * index, groups[group] ?? 0));
  else {
    groups.forEach((group, index) => view.setUint16(8 + 2 * index, group));
    view.setUint32(24, scopeOf(text), true);
  }
  return { family, bytes };
}

/** The port in an address that the kernel has filled in. */
export function portOf(address: ArrayBuffer): number {
  return new DataView(address).getUint16(2);
}

/** Index of the interface behind `%`; 0: none. */
function scopeOf(text: string): number {
  const percent = text.indexOf("%");
  if (percent < 0) return 0;
  const zone = text.slice(percent + 1);
  if (/^\d+$/.test(zone)) return Number(zone);
  const addresses = networkInterfaces()[zone] ?? [];
  return addresses.find(({ family }) => family === "IPv6")?.scopeid ?? 0;
}
