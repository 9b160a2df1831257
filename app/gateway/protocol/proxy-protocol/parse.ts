import { signature, type ProxyHeader } from "./header.ts";
import { parseV1 } from "./v1.ts";
import { parseV2 } from "./v2.ts";

/** What a connection's first bytes say. */
export type ParsedHeader =
  /** Could become a header: read on, and ask again with all bytes from the first on, once there are `wanted` of them. */
  | { readonly kind: "incomplete"; readonly wanted: number }
  /** The bytes cannot be the beginning of any header. */
  | { readonly kind: "absent" }
  /** They begin like one, and are none that may be used: the connection is to be aborted (2.2, 2.2.3). */
  | { readonly kind: "invalid"; readonly why: string }
  /** The client's own bytes begin at `length`. */
  | { readonly kind: "header"; readonly header: ProxyHeader; readonly length: number };

const v1Prefix = Buffer.from("PROXY ", "latin1");

/**
 * Reads the header that a connection starts with, of either version. Pure: any bytes give an answer.
 *
 * `absent` is told from `incomplete` as soon as the bytes allow: where a header is only optional (load balancers whose health checks send none), a client that speaks first is
 * taken as it is at its first byte that fits no header. Two things remain ambiguous there, as the specification says (2: a receiver "MUST not try to guess"): a client whose own
 * first bytes look like a header is taken for a proxy, and one that waits for the server to speak first is held until the timeout. That is why sources have to be listed.
 */
export function parseProxyHeader(bytes: Buffer): ParsedHeader {
  if (startsLike(bytes, v1Prefix)) {
    return bytes.length < v1Prefix.length ? { kind: "incomplete", wanted: bytes.length + 1 } : parseV1(bytes);
  }
  if (startsLike(bytes, signature)) {
    return bytes.length < signature.length ? { kind: "incomplete", wanted: bytes.length + 1 } : parseV2(bytes);
  }
  return { kind: "absent" };
}

/** As far as both go. */
function startsLike(bytes: Buffer, prefix: Buffer): boolean {
  const count = Math.min(bytes.length, prefix.length);
  return bytes.compare(prefix, 0, count, 0, count) === 0;
}
