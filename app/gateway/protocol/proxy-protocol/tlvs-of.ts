import { tlvType, type SslTlv, type Tlv, type TlvFacts } from "./header.ts";
import { formatTlvs } from "./v2.ts";

/** The vectors that say what is known, as `factsOf` reads them; those of clouds and of namespaces are not the gateway's to send. */
export function tlvsOf({ alpn, authority, uniqueId, ssl }: TlvFacts): Tlv[] {
  return present([
    [tlvType.alpn, alpn === undefined ? undefined : Buffer.from(alpn, "latin1")],
    [tlvType.authority, authority === undefined ? undefined : Buffer.from(authority)],
    [tlvType.uniqueId, uniqueId === undefined ? undefined : Buffer.from(uniqueId, "hex")],
    [tlvType.ssl, ssl === undefined ? undefined : sslValue(ssl)],
  ]);
}

/** 2.2.6: flags, the verdict on the certificate (0: verified), and vectors within. */
function sslValue(ssl: SslTlv): Buffer {
  const head = Buffer.alloc(5);
  head[0] = (ssl.overTls ? 1 : 0) | (ssl.certificate === "connection" ? 2 : ssl.certificate === "session" ? 4 : 0);
  head.writeUInt32BE(ssl.verified ? 0 : 1, 1);
  const text = (value: string | undefined, encoding: "latin1" | "utf8" = "latin1"): Buffer | undefined =>
    value === undefined ? undefined : Buffer.from(value, encoding);
  const nested = present([
    [tlvType.sslVersion, text(ssl.version)],
    [tlvType.sslCommonName, text(ssl.commonName, "utf8")],
    [tlvType.sslCipher, text(ssl.cipher)],
    [tlvType.sslSignatureAlgorithm, text(ssl.signatureAlgorithm)],
    [tlvType.sslKeyAlgorithm, text(ssl.keyAlgorithm)],
  ]);
  return Buffer.concat([head, formatTlvs(nested)]);
}

function present(vectors: readonly (readonly [type: number, value: Buffer | undefined])[]): Tlv[] {
  return vectors.flatMap(([type, value]) => (value === undefined ? [] : [{ type, value }]));
}
