import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  formatV1,
  MAX_V1,
  parseProxyHeader,
  type ParsedHeader,
  type ProxyAddresses,
} from "../../../../../app/gateway/protocol/proxy-protocol/index.ts";

const parse = (text: string): ParsedHeader => parseProxyHeader(Buffer.from(text, "latin1"));

const header = (addresses: ProxyAddresses | undefined, length: number): ParsedHeader => ({
  kind: "header",
  header: { version: 1, command: "PROXY", addresses, tlvs: [] },
  length,
});

/** The longest lines that section 2.1 shows, with their lengths as it counts them. */
const four = "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n";
const full = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
const six = `PROXY TCP6 ${full} ${full} 65535 65535\r\n`;
const unknown = `PROXY UNKNOWN ${full} ${full} 65535 65535\r\n`;

test("the longest lines of section 2.1", () => {
  assert.deepEqual([four.length, six.length, unknown.length], [56, 104, 107]);
  const ports = { sourcePort: 65535, destinationPort: 65535 };
  assert.deepEqual(
    parse(four),
    header({ family: "IPv4", sourceAddress: "255.255.255.255", destinationAddress: "255.255.255.255", ...ports }, 56),
  );
  assert.deepEqual(
    parse(six),
    header({ family: "IPv6", sourceAddress: full, destinationAddress: full, ...ports }, 104),
  );
  assert.deepEqual(parse(unknown), header(undefined, 107));
  assert.deepEqual(parse("PROXY UNKNOWN\r\n"), header(undefined, 15));
});

test("the client's bytes begin behind the line", () => {
  const parsed = parse("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\nGET / HTTP/1.1\r\n");
  assert.equal(parsed.kind === "header" && parsed.length, 42);
});

test("every truncation wants more, and says nothing yet", () => {
  for (const line of [four, six, unknown]) {
    for (let count = 0; count < line.length; count++) {
      assert.deepEqual(parse(line.slice(0, count)), { kind: "incomplete", wanted: count + 1 });
    }
  }
});

test("what only begins like a line is refused", () => {
  const wrong = [
    "PROXY TCP4 192.0.2.1 192.0.2.2 56324\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443 1\r\n",
    "PROXY TCP4  192.0.2.1 192.0.2.2 56324 443\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 056324 443\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 65536 443\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 -1 443\r\n",
    "PROXY TCP4 192.0.2.256 192.0.2.2 1 443\r\n",
    "PROXY TCP4 ::1 ::1 1 443\r\n",
    "PROXY TCP6 192.0.2.1 192.0.2.2 1 443\r\n",
    "PROXY TCP6 fe80::1%eth0 ::1 1 443\r\n",
    "PROXY UDP4 192.0.2.1 192.0.2.2 1 443\r\n",
    "PROXY tcp4 192.0.2.1 192.0.2.2 1 443\r\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 1 443\n",
    "PROXY TCP4 192.0.2.1 192.0.2.2 1 443\r\r\n",
    "PROXY \r\n",
    `PROXY UNKNOWN ${"x".repeat(MAX_V1 - 14)}`,
    `PROXY UNKNOWN ${"x".repeat(MAX_V1 - 14)}\r\n`,
  ];
  for (const line of wrong) assert.equal(parse(line).kind, "invalid", JSON.stringify(line));
});

test("what cannot become a line is none, at its first byte that tells", () => {
  for (const text of ["G", "p", "PROX!", "PROXY\r", "PROXY4"]) assert.deepEqual(parse(text), { kind: "absent" }, text);
});

/** As literals are. */
const plain = { noNullPrototype: true } as const;

test("what is written is read, and never longer than the format allows", () => {
  const port = fc.nat({ max: 65535 });
  const pair = (family: "IPv4" | "IPv6") =>
    fc.record(
      {
        family: fc.constant(family),
        sourceAddress: family === "IPv4" ? fc.ipV4() : fc.ipV6(),
        destinationAddress: family === "IPv4" ? fc.ipV4() : fc.ipV6(),
        sourcePort: port,
        destinationPort: port,
      },
      plain,
    );
  fc.assert(
    fc.property(fc.oneof(pair("IPv4"), pair("IPv6")), (addresses) => {
      const line = formatV1(addresses);
      assert.ok(line.length <= MAX_V1);
      assert.deepEqual(parseProxyHeader(line), header(addresses, line.length));
    }),
  );
  assert.equal(formatV1(undefined).toString(), "PROXY UNKNOWN\r\n");
  assert.equal(formatV1({ family: "Unix", sourcePath: "/a", destinationPath: "/b" }).toString(), "PROXY UNKNOWN\r\n");
});
