/** PROXY protocol v1 and v2: read, written, and what it says. */
export * from "./header.ts";
export { parseProxyHeader, type ParsedHeader } from "./parse.ts";
export { factsOf } from "./tlv-facts.ts";
export { tlvsOf } from "./tlvs-of.ts";
export { formatV1 } from "./v1.ts";
export { formatV2, type V2Options } from "./v2.ts";
