import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  formatV2,
  MAX_V2,
  parseProxyHeader,
  tlvType,
  type ProxyAddresses,
  type ProxyHeader,
  type Tlv,
} from "../../../../../app/gateway/protocol/proxy-protocol/index.ts";

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(/\s/g, ""), "hex");

const signature = "0D0A0D0A000D0A515549540A";

/** Laid out by hand as section 2.2 says. */
const vectors = {
  inet: `${signature} 21 11 000C  C0000201 C0000202 DC04 01BB`,
  inet6: `${signature} 21 21 0024  20010DB8000000000000000000000001 20010DB8000000000000000000000002 DC04 01BB`,
  unix: `${signature} 21 31 00D8  ${Buffer.from("/run/a").toString("hex").padEnd(216, "0")} ${Buffer.from("\0b").toString("hex").padEnd(216, "0")}`,
  unspec: `${signature} 21 00 0000`,
  local: `${signature} 20 00 0000`,
};

const inet = {
  family: "IPv4",
  sourceAddress: "192.0.2.1",
  destinationAddress: "192.0.2.2",
  sourcePort: 56324,
  destinationPort: 443,
} as const;

function headerOf(input: Buffer): ProxyHeader {
  const parsed = parseProxyHeader(input);
  assert.ok(parsed.kind === "header", JSON.stringify(parsed));
  assert.equal(parsed.length, 16 + input.readUInt16BE(14));
  return parsed.header;
}

const kindOf = (input: Buffer): string => parseProxyHeader(input).kind;

test("addresses of each family", () => {
  assert.deepEqual(headerOf(bytes(vectors.inet)), { version: 2, command: "PROXY", addresses: inet, tlvs: [] });
  assert.deepEqual(headerOf(bytes(vectors.inet6)).addresses, {
    family: "IPv6",
    sourceAddress: "2001:db8::1",
    destinationAddress: "2001:db8::2",
    sourcePort: 56324,
    destinationPort: 443,
  });
  assert.deepEqual(headerOf(bytes(vectors.unix)).addresses, {
    family: "Unix",
    sourcePath: "/run/a",
    destinationPath: "\0b",
  });
});

test("LOCAL and UNSPEC tell nothing, whatever comes with them, and end where their length says", () => {
  assert.deepEqual(headerOf(bytes(vectors.local)), { version: 2, command: "LOCAL", addresses: undefined, tlvs: [] });
  assert.deepEqual(headerOf(bytes(vectors.unspec)).addresses, undefined);
  const withAddresses = bytes(`${signature} 20 11 000C  C0000201 C0000202 DC04 01BB`);
  assert.deepEqual(headerOf(withAddresses), { version: 2, command: "LOCAL", addresses: undefined, tlvs: [] });
  assert.deepEqual(headerOf(bytes(`${signature} 21 00 0003  FFFFFF`)).addresses, undefined);
});

test("every truncation wants more, and says nothing yet", () => {
  for (const vector of Object.values(vectors)) {
    const whole = bytes(vector);
    for (let count = 0; count < whole.length; count++) {
      const parsed = parseProxyHeader(whole.subarray(0, count));
      assert.equal(parsed.kind, "incomplete");
      assert.ok(parsed.wanted > count && parsed.wanted <= whole.length);
    }
    assert.equal(kindOf(Buffer.concat([whole, Buffer.from("client")])), "header");
  }
});

test("what begins like one and may not be used", () => {
  const wrong: Readonly<Record<string, string>> = {
    "version 1 in binary": `${signature} 11 11 000C C0000201 C0000202 DC04 01BB`,
    "an unknown command": `${signature} 22 11 000C C0000201 C0000202 DC04 01BB`,
    "datagrams over IPv4": `${signature} 21 12 000C C0000201 C0000202 DC04 01BB`,
    "datagrams over IPv6": `${signature} 21 22 0024 ${"00".repeat(36)}`,
    "datagrams over a socket": `${signature} 21 32 00D8 ${"00".repeat(216)}`,
    "an unknown family": `${signature} 21 41 0000`,
    "too short for its addresses": `${signature} 21 11 000B C0000201 C0000202 DC04 01`,
    "half a TLV": `${signature} 21 11 000E C0000201 C0000202 DC04 01BB 0400`,
    "a TLV past its end": `${signature} 21 11 0010 C0000201 C0000202 DC04 01BB 04 0002 00`,
    "a checksum of three bytes": `${signature} 21 11 0012 C0000201 C0000202 DC04 01BB 03 0003 000000`,
    "longer than is read": `${signature} 21 11 FFFF`,
  };
  for (const [what, vector] of Object.entries(wrong)) assert.equal(kindOf(bytes(vector)), "invalid", what);
});

test("what cannot become one is none", () => {
  assert.equal(kindOf(bytes("0D0A0D0B")), "absent");
  assert.equal(kindOf(bytes("0D0A0D0A000D0A515549540B")), "absent");
});

test("a checksum holds wherever it stands, and a changed bit breaks it", () => {
  const whole = formatV2(
    { command: "PROXY", addresses: inet, tlvs: [{ type: tlvType.noop, value: Buffer.alloc(3) }] },
    { checksum: true },
  );
  assert.equal(headerOf(whole).tlvs.length, 2);
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const changed = Buffer.from(whole);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const parsed = parseProxyHeader(changed);
    // What says that there is a checksum, or that addresses count, may change itself.
    if (parsed.kind === "header") {
      const { command, addresses, tlvs } = parsed.header;
      assert.ok(
        command === "LOCAL" || addresses === undefined || tlvs.every(({ type }) => type !== tlvType.crc32c),
        `bit ${bit}`,
      );
    }
  }
  const twice = formatV2({ command: "PROXY", addresses: inet, tlvs: [] }, { checksum: true });
  const doubled = Buffer.concat([twice, bytes("03 0004 00000000")]);
  doubled.writeUInt16BE(doubled.length - 16, 14);
  assert.equal(kindOf(doubled), "invalid");
});

test("a checksum before other TLVs, as another sender may put it", () => {
  const other = bytes(`${signature} 21 11 0018  C0000201 C0000202 DC04 01BB  03 0004 00000000  04 0002 0000`);
  // Computed once with an independent implementation (bitwise, by the polynomial).
  let value = 0xffffffff;
  for (const byte of other) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  }
  other.writeUInt32BE(~value >>> 0, 31);
  assert.equal(headerOf(other).tlvs.length, 2);
});

/** As literals are. */
const plain = { noNullPrototype: true } as const;

const port = fc.nat({ max: 65535 });

function pair(family: "IPv4" | "IPv6"): fc.Arbitrary<ProxyAddresses> {
  const address =
    family === "IPv4"
      ? fc.ipV4()
      : fc
          .array(fc.integer({ min: 0x1000, max: 0xffff }), { minLength: 8, maxLength: 8 })
          .map((groups) => groups.map((group) => group.toString(16)).join(":"));
  return fc.record(
    {
      family: fc.constant(family),
      sourceAddress: address,
      destinationAddress: address,
      sourcePort: port,
      destinationPort: port,
    },
    plain,
  );
}

const path = fc.stringMatching(/^[!-~]{0,107}$/);
const someAddresses: fc.Arbitrary<ProxyAddresses> = fc.oneof(
  pair("IPv4"),
  pair("IPv6"),
  fc.record({ family: fc.constant("Unix" as const), sourcePath: path, destinationPath: path }, plain),
);
const someTlv: fc.Arbitrary<Tlv> = fc.record(
  {
    type: fc.nat({ max: 255 }).filter((type) => type !== tlvType.crc32c),
    value: fc.uint8Array({ maxLength: 200 }).map((value) => Buffer.from(value)),
  },
  plain,
);

test("what is written is read", () => {
  fc.assert(
    fc.property(someAddresses, fc.array(someTlv, { maxLength: 6 }), fc.boolean(), (addresses, tlvs, checksum) => {
      const whole = formatV2({ command: "PROXY", addresses, tlvs }, { checksum });
      const { tlvs: read, ...header } = headerOf(whole);
      assert.deepEqual(header, { version: 2, command: "PROXY", addresses });
      assert.deepEqual(checksum ? read.slice(0, -1) : read, tlvs);
    }),
  );
  assert.deepEqual(headerOf(formatV2({ command: "LOCAL", addresses: undefined, tlvs: [] })).command, "LOCAL");
});

test("nothing is written that would not be read", () => {
  const tlvs = [{ type: tlvType.noop, value: Buffer.alloc(MAX_V2) }];
  assert.throws(() => formatV2({ command: "PROXY", addresses: inet, tlvs }), /4096 is the most/);
});

test("any bytes behind the signature give an answer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (tail) => {
      const parsed = parseProxyHeader(Buffer.concat([bytes(signature), tail]));
      assert.ok(["incomplete", "invalid", "header"].includes(parsed.kind));
    }),
    { numRuns: 500 },
  );
});
