/** IP addresses and CIDR blocks. Matching allocates nothing: it runs for every connection. */

/** A block as eight 16-bit groups; IPv4 is mapped into ::ffff:0:0/96, so that both forms of one address are the same. */
export interface Subnet {
  readonly groups: Uint16Array;
  /** 0 to 128. */
  readonly prefix: number;
}

/** Parses `10.0.0.0/8`, `2001:db8::/32` or a single address; undefined where it is none. */
export function parseSubnet(text: string): Subnet | undefined {
  const slash = text.indexOf("/");
  const groups = new Uint16Array(8);
  if (!parseAddress(slash < 0 ? text : text.slice(0, slash), groups)) return undefined;
  const ipv4 = !text.includes(":");
  if (slash < 0) return { groups, prefix: 128 };
  const digits = text.slice(slash + 1);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(digits)) return undefined;
  const bits = Number(digits);
  if (bits > (ipv4 ? 32 : 128)) return undefined;
  return { groups, prefix: ipv4 ? bits + 96 : bits };
}

/** Whether an address that {@link parseAddress} has read is in the block. */
export function contains({ groups, prefix }: Subnet, address: Uint16Array): boolean {
  let left = prefix;
  for (let index = 0; left > 0; index++, left -= 16) {
    const difference = (groups[index] as number) ^ (address[index] as number);
    if (left >= 16 ? difference !== 0 : difference >>> (16 - left) !== 0) return false;
  }
  return true;
}

/** Whether every address of the second block is in the first. */
export function covers(outer: Subnet, inner: Subnet): boolean {
  return outer.prefix <= inner.prefix && contains(outer, inner.groups);
}

const colon = 58;
const dot = 46;

/** Reads an IPv4 or IPv6 address (without brackets; a zone is ignored) into eight groups; false where it is none. */
export function parseAddress(text: string, into: Uint16Array): boolean {
  into.fill(0);
  const end = zoneStart(text);
  let index = 0;
  let at = 0;
  let gap = -1;
  if (text.charCodeAt(0) === colon) {
    if (text.charCodeAt(1) !== colon) return false;
    gap = 0;
    at = 2;
  }
  while (at < end) {
    let value = 0;
    let digits = 0;
    const start = at;
    for (let digit = hexDigit(text, at, end); digit >= 0; digit = hexDigit(text, ++at, end)) {
      value = value * 16 + digit;
      digits++;
    }
    if (at < end && text.charCodeAt(at) === dot) {
      if (index > 6 || (index === 0 && gap < 0 && start !== 0)) return false;
      const ipv4 = parseIpv4(text, start, end);
      if (ipv4 < 0) return false;
      if (start === 0) {
        into[5] = 0xffff;
        index = 6;
      }
      into[index++] = ipv4 >>> 16;
      into[index++] = ipv4 & 0xffff;
      break;
    }
    if (digits === 0 || digits > 4 || index > 7) return false;
    into[index++] = value;
    if (at === end) break;
    if (text.charCodeAt(at) !== colon) return false;
    at++;
    if (at < end && text.charCodeAt(at) === colon) {
      if (gap >= 0) return false;
      gap = index;
      at++;
    } else if (at === end) return false;
  }
  if (gap < 0) return index === 8;
  if (index > 7) return false;
  into.copyWithin(8 - (index - gap), gap, index);
  into.fill(0, gap, 8 - (index - gap));
  return true;
}

function zoneStart(text: string): number {
  const percent = text.indexOf("%");
  return percent < 0 ? text.length : percent;
}

function hexDigit(text: string, at: number, end: number): number {
  if (at >= end) return -1;
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** As an unsigned number; -1 where it is none. */
function parseIpv4(text: string, start: number, end: number): number {
  let result = 0;
  let octet = 0;
  let digits = 0;
  let octets = 1;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === dot) {
      if (digits === 0 || ++octets > 4) return -1;
      result = result * 256 + octet;
      octet = 0;
      digits = 0;
      continue;
    }
    if (code < 48 || code > 57) return -1;
    if (digits === 1 && octet === 0) return -1;
    octet = octet * 10 + (code - 48);
    if (++digits > 3 || octet > 255) return -1;
  }
  return octets === 4 && digits > 0 ? result * 256 + octet : -1;
}
