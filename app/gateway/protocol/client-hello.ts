import { Reader } from "./reader.ts";

/**
 * Bytes that are held until a ClientHello is whole: as Envoy's tls_inspector has it (TLS_MAX_CLIENT_HELLO, SSL3_RT_MAX_PLAIN_LENGTH). Real ones have 300 to 2,000, with
 * post-quantum key shares.
 */
export const MAX_CLIENT_HELLO = 16 * 1024;

/** What a client's first bytes are. */
export type ClientHello =
  /** Not whole yet: read on, and ask again with all bytes from the first on, once there are `wanted` of them or more; with fewer the answer is the same. */
  | { readonly kind: "incomplete"; readonly wanted: number }
  /** No TLS handshake record: another protocol, or the ClientHello of SSL 2. */
  | { readonly kind: "not-tls" }
  /** {@link MAX_CLIENT_HELLO} are there or announced, and the message is not whole. */
  | { readonly kind: "too-large" }
  /** A TLS record whose contents are no ClientHello. */
  | { readonly kind: "malformed"; readonly why: string }
  | {
      readonly kind: "hello";
      /** SNI, lower case and without a dot at its end; undefined: none sent, or no host name (RFC 6066, section 3: an IP address is none). */
      readonly serverName: string | undefined;
      /** Protocols that the client offers, in its order; as Latin-1, as they are bytes. */
      readonly alpn: readonly string[];
    };

const handshakeRecord = 22;
const clientHelloMessage = 1;
const serverNameExtension = 0;
const alpnExtension = 16;
/** RFC 8446, section 5.1: a record's plaintext is 2^14 bytes at most. */
const maxRecord = 16 * 1024;

/**
 * Reads the ClientHello (RFC 8446, section 4.1.2; RFC 5246, section 7.4.1.2) that a connection starts with, which may be spread over TLS records and these over reads. Pure: any
 * bytes give an answer, and the same bytes the same one. GREASE values are skipped like any unknown ones; of an encrypted ClientHello the outer one's name counts, as no more can
 * be known.
 */
export function parseClientHello(bytes: Buffer, limit: number = MAX_CLIENT_HELLO): ClientHello {
  const message = joinRecords(bytes, limit);
  return Buffer.isBuffer(message) ? parseMessage(message) : message;
}

/** The handshake message in the records, without its header. */
function joinRecords(bytes: Buffer, limit: number): Buffer | ClientHello {
  if (bytes.length === 0) return { kind: "incomplete", wanted: 1 };
  if (!startsRecord(bytes, 0)) return { kind: "not-tls" };
  const fragments: Buffer[] = [];
  const header = Buffer.alloc(4);
  let collected = 0;
  let at = 0;
  // Once it is known how many bytes a message takes, one that cannot fit is not waited for.
  const wanting = (wanted: number): ClientHello =>
    wanted > limit ? { kind: "too-large" } : { kind: "incomplete", wanted };
  for (;;) {
    const there = bytes.length - at;
    if (there > 0 && !startsRecord(bytes, at)) return interrupted;
    if (there < 5) return wanting(there < 2 ? bytes.length + 1 : at + 5);
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > maxRecord) return { kind: "malformed", why: `a record announces ${length} bytes` };
    const fragment = bytes.subarray(at + 5, at + 5 + length);
    fragment.copy(header, Math.min(collected, 4));
    fragments.push(fragment);
    collected += fragment.length;
    if (collected > 0 && header[0] !== clientHelloMessage) {
      return { kind: "malformed", why: "the first message is no ClientHello" };
    }
    const size = collected < 4 ? 4 : 4 + header.readUIntBE(1, 3);
    if (size + 5 * fragments.length > limit) return { kind: "too-large" };
    if (collected >= 4 && collected >= size) return Buffer.concat(fragments, size).subarray(4);
    at += 5 + length;
    if (at > bytes.length) return wanting(Math.min(at, bytes.length + (collected === 0 ? 1 : size - collected)));
  }
}

const interrupted: ClientHello = { kind: "malformed", why: "another record comes before the ClientHello ends" };

/** As far as the bytes are there: a handshake record of SSL 3.0 or later, in which TLS is numbered. */
function startsRecord(bytes: Buffer, at: number): boolean {
  return bytes[at] === handshakeRecord && (at + 1 >= bytes.length || bytes[at + 1] === 3);
}

function parseMessage(message: Buffer): ClientHello {
  const reader = new Reader(message);
  reader.uint16(); // legacy_version
  reader.bytes(32); // random
  reader.bytes(reader.uint8()); // legacy_session_id
  const suites = reader.bytes(reader.uint16());
  const compressions = reader.bytes(reader.uint8());
  if (suites === undefined || compressions === undefined || suites.length < 2 || suites.length % 2 === 1) {
    return malformed("its fields");
  }
  if (compressions.length === 0) return malformed("its compression methods");
  // TLS 1.0 and 1.1 may end here.
  if (reader.left === 0) return { kind: "hello", serverName: undefined, alpn: [] };
  const extensions = reader.bytes(reader.uint16());
  if (extensions === undefined || reader.left > 0) return malformed("its extensions");
  return parseExtensions(new Reader(extensions));
}

function parseExtensions(extensions: Reader): ClientHello {
  let serverName: string | undefined;
  let alpn: readonly string[] = [];
  const seen = new Set<number>();
  while (extensions.left > 0) {
    const type = extensions.uint16();
    const data = extensions.bytes(extensions.uint16());
    if (type === undefined || data === undefined) return malformed("its extensions");
    // RFC 8446, section 4.2: no extension twice. Two names could be read differently here and by who ends TLS.
    if (seen.has(type)) return malformed(`extension ${type}, which is there twice`);
    seen.add(type);
    if (type === serverNameExtension) {
      const name = parseServerName(new Reader(data));
      if (name === undefined) return malformed("its server name");
      serverName = hostName(name);
    } else if (type === alpnExtension) {
      const protocols = parseAlpn(new Reader(data));
      if (protocols === undefined) return malformed("its protocols (ALPN)");
      alpn = protocols;
    }
  }
  return { kind: "hello", serverName, alpn };
}

/** RFC 6066, section 3: a list with one name of each type; only host_name (0) was ever defined. */
function parseServerName(extension: Reader): string | undefined {
  const list = extension.bytes(extension.uint16());
  if (list === undefined || list.length === 0 || extension.left > 0) return undefined;
  const names = new Reader(list);
  let found: string | undefined;
  while (names.left > 0) {
    const type = names.uint8();
    const name = names.bytes(names.uint16());
    if (name === undefined || name.length === 0) return undefined;
    if (type !== 0) continue;
    if (found !== undefined) return undefined;
    found = name.toString("latin1");
  }
  return found ?? "";
}

const label = "[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?";
const hostNamePattern = new RegExp(`^${label}(\\.${label})*$`);
const addressPattern = /^[0-9.]+$|:/;

/** What routes can be matched by; undefined: an address, or no host name at all, which counts as none sent. */
function hostName(name: string): string | undefined {
  const lower = name.toLowerCase().replace(/\.$/, "");
  return lower.length <= 253 && hostNamePattern.test(lower) && !addressPattern.test(lower) ? lower : undefined;
}

/** RFC 7301, section 3.1. */
function parseAlpn(extension: Reader): string[] | undefined {
  const list = extension.bytes(extension.uint16());
  if (list === undefined || list.length === 0 || extension.left > 0) return undefined;
  const names = new Reader(list);
  const found: string[] = [];
  while (names.left > 0) {
    const name = names.bytes(names.uint8());
    if (name === undefined || name.length === 0) return undefined;
    found.push(name.toString("latin1"));
  }
  return found;
}

function malformed(what: string): ClientHello {
  return { kind: "malformed", why: `a ClientHello cannot be read: ${what}` };
}
