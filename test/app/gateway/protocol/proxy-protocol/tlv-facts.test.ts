import assert from "node:assert/strict";
import { test } from "node:test";
import { factsOf, tlvType, type Tlv } from "../../../../../app/gateway/protocol/proxy-protocol/index.ts";

const tlv = (type: number, value: Buffer | string): Tlv => ({ type, value: Buffer.from(value) });

test("what the specification names", () => {
  assert.deepEqual(
    factsOf([
      tlv(tlvType.alpn, "h2"),
      tlv(tlvType.authority, "bücher.example"),
      tlv(tlvType.noop, "padding"),
      tlv(tlvType.uniqueId, Buffer.from([1, 0xff])),
      tlv(tlvType.netns, "blue"),
    ]),
    { alpn: "h2", authority: "bücher.example", uniqueId: "01ff", netns: "blue" },
  );
  assert.deepEqual(factsOf([]), {});
});

test("TLS of the sender, with the vectors inside", () => {
  const inside = Buffer.concat(
    (
      [
        [tlvType.sslVersion, "TLSv1.3"],
        [tlvType.sslCommonName, "client.example"],
        [tlvType.sslCipher, "TLS_AES_128_GCM_SHA256"],
        [tlvType.sslSignatureAlgorithm, "RSA-SHA256"],
        [tlvType.sslKeyAlgorithm, "RSA2048"],
      ] as const
    ).map(([type, text]) => Buffer.concat([Buffer.from([type, 0, text.length]), Buffer.from(text)])),
  );
  const ssl = (client: number, verify: number) =>
    factsOf([tlv(tlvType.ssl, Buffer.concat([Buffer.from([client, 0, 0, 0, verify]), inside]))]).ssl;
  assert.deepEqual(ssl(7, 0), {
    overTls: true,
    certificate: "connection",
    verified: true,
    version: "TLSv1.3",
    commonName: "client.example",
    cipher: "TLS_AES_128_GCM_SHA256",
    signatureAlgorithm: "RSA-SHA256",
    keyAlgorithm: "RSA2048",
  });
  assert.equal(ssl(5, 0)?.certificate, "session");
  assert.equal(ssl(3, 1)?.verified, false);
  // Without a certificate there is nothing that was verified.
  assert.equal(ssl(1, 0)?.verified, false);
  assert.equal(factsOf([tlv(tlvType.ssl, "abc")]).ssl, undefined);
});

test("what the clouds add", () => {
  assert.deepEqual(
    factsOf([
      tlv(tlvType.aws, "\x01vpce-08d2bf15fac5001c9"),
      tlv(tlvType.azure, Buffer.from("0104030201", "hex")),
      tlv(tlvType.gcp, Buffer.from("0123456789abcdef", "hex")),
    ]),
    { awsVpcEndpoint: "vpce-08d2bf15fac5001c9", azureLinkId: 0x01020304, gcpConnectionId: "81985529216486895" },
  );
  assert.deepEqual(factsOf([tlv(tlvType.aws, "\x02x"), tlv(tlvType.azure, "\x01x"), tlv(tlvType.gcp, "")]), {});
});
