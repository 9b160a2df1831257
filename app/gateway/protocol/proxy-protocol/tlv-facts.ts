import { Reader } from "../reader.ts";
import { tlvType, type SslTlv, type Tlv, type TlvFacts } from "./header.ts";
import { parseTlvs } from "./v2.ts";

/** What is known of some vectors. One that cannot be read says nothing; of two of a type the first counts. */
export function factsOf(tlvs: readonly Tlv[]): TlvFacts {
  const value = (type: number): Buffer | undefined => tlvs.find((tlv) => tlv.type === type)?.value;
  const facts: { [Name in keyof TlvFacts]: TlvFacts[Name] | undefined } = {
    alpn: value(tlvType.alpn)?.toString("latin1"),
    authority: value(tlvType.authority)?.toString("utf8"),
    uniqueId: value(tlvType.uniqueId)?.toString("hex"),
    ssl: sslOf(value(tlvType.ssl)),
    netns: value(tlvType.netns)?.toString("latin1"),
    awsVpcEndpoint: subtype(value(tlvType.aws), 1)?.toString("latin1"),
    azureLinkId: littleEndian(subtype(value(tlvType.azure), 1)),
    gcpConnectionId: bigEndian(value(tlvType.gcp)),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined));
}

/** AWS and Azure put a subtype before the value (NLB, "Proxy protocol"; Private Link, "TCP Proxy v2"). */
function subtype(value: Buffer | undefined, wanted: number): Buffer | undefined {
  return value?.[0] === wanted ? value.subarray(1) : undefined;
}

function littleEndian(value: Buffer | undefined): number | undefined {
  return value?.length === 4 ? value.readUInt32LE(0) : undefined;
}

/** 64 bits (Private Service Connect, "PSC connection ID"): more than a number holds. */
function bigEndian(value: Buffer | undefined): string | undefined {
  return value?.length === 8 ? value.readBigUInt64BE(0).toString() : undefined;
}

function sslOf(value: Buffer | undefined): SslTlv | undefined {
  if (value === undefined) return undefined;
  const reader = new Reader(value);
  const client = reader.uint8();
  const verify = reader.uint32();
  if (client === undefined || verify === undefined) return undefined;
  const nested = parseTlvs(reader) ?? [];
  const text = (type: number, encoding: "latin1" | "utf8" = "latin1"): string | undefined =>
    nested.find((tlv) => tlv.type === type)?.value.toString(encoding);
  const certificate = (client & 2) !== 0 ? "connection" : (client & 4) !== 0 ? "session" : undefined;
  return {
    overTls: (client & 1) !== 0,
    certificate,
    verified: certificate !== undefined && verify === 0,
    version: text(tlvType.sslVersion),
    commonName: text(tlvType.sslCommonName, "utf8"),
    cipher: text(tlvType.sslCipher),
    signatureAlgorithm: text(tlvType.sslSignatureAlgorithm),
    keyAlgorithm: text(tlvType.sslKeyAlgorithm),
  };
}
