import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test } from "node:test";
import { connect, type ConnectionOptions } from "node:tls";
import fc from "fast-check";
import { MAX_CLIENT_HELLO, parseClientHello } from "../../../../app/gateway/protocol/client-hello.ts";
import { alpn, extension, hello, message, records, serverName, sized } from "./hello.ts";

const named = (name: string | undefined, ...protocols: string[]) => ({
  kind: "hello",
  serverName: name,
  alpn: protocols,
});

test("the name and the protocols, among extensions that nobody knows", () => {
  const grease = extension(0x3a3a, Buffer.from([0]));
  assert.deepEqual(parseClientHello(hello(grease, serverName("DB.Example.com."), alpn("h2", "postgresql"))), {
    ...named("db.example.com", "h2", "postgresql"),
  });
  assert.deepEqual(parseClientHello(hello()), named(undefined));
});

test("TLS 1.0 without extensions", () => {
  assert.deepEqual(parseClientHello(records(message(undefined))), named(undefined));
});

test("of an encrypted ClientHello the outer one's name counts", () => {
  const encrypted = extension(0xfe0d, Buffer.alloc(200, 3));
  assert.deepEqual(parseClientHello(hello(encrypted, serverName("public.example"))), named("public.example"));
});

test("key shares larger than a segment, over several records", () => {
  const big = hello(extension(51, Buffer.alloc(4000, 1)), serverName("a.b"));
  assert.deepEqual(parseClientHello(big), named("a.b"));
  assert.deepEqual(
    parseClientHello(records(message([extension(51, Buffer.alloc(4000, 1)), serverName("a.b")]), 512)),
    named("a.b"),
  );
});

test("what comes behind the ClientHello does not matter", () => {
  const early = Buffer.concat([hello(serverName("a.b")), Buffer.from("1703030001aa", "hex")]);
  assert.deepEqual(parseClientHello(early), named("a.b"));
});

test("an address, or what is no host name, counts as no name", () => {
  for (const name of ["192.0.2.1", "2001:db8::1", "a..b", "-a.b", "a b", "ü.example", "*.a.b", `${"a".repeat(64)}.b`]) {
    assert.deepEqual(parseClientHello(hello(serverName(name))), named(undefined), name);
  }
  assert.deepEqual(parseClientHello(hello(serverName("_x.a-b.c"))), named("_x.a-b.c"));
});

test("other protocols, SSL 2 among them, are not TLS at their first byte or two", () => {
  const others = ["GET / HTTP/1.1\r\n", "SSH-2.0-x", "\x00", "PROXY TCP4", "\x80\x2e\x01\x03\x01", "\x16\x02", "\x17"];
  for (const text of others) assert.deepEqual(parseClientHello(Buffer.from(text, "latin1")), { kind: "not-tls" }, text);
});

test("a hello that is announced larger than what is held is not waited for", () => {
  const announced = Buffer.concat([Buffer.from("160301400001", "hex"), Buffer.from("010000", "hex")]);
  assert.equal(parseClientHello(announced).kind, "too-large");
  const fits = message([extension(21, Buffer.alloc(MAX_CLIENT_HELLO - 100))]);
  assert.equal(parseClientHello(records(fits)).kind, "hello");
  const exact = records(fits);
  assert.equal(parseClientHello(exact, exact.length).kind, "hello");
  assert.equal(parseClientHello(exact, exact.length - 1).kind, "too-large");
});

test("records of one byte each are a large hello, too", () => {
  const crumbs = records(message([extension(21, Buffer.alloc(4000))]), 1);
  assert.deepEqual(parseClientHello(crumbs.subarray(0, 6 * 100)), { kind: "incomplete", wanted: 6 * 100 + 1 });
  assert.equal(parseClientHello(crumbs).kind, "too-large");
  assert.equal(parseClientHello(crumbs, crumbs.length).kind, "hello");
});

test("contradictions are malformed, as another reader could read them otherwise", () => {
  const one = Buffer.concat([Buffer.from([0]), sized(2, Buffer.from("a.b"))]);
  const wrong: Readonly<Record<string, Buffer>> = {
    "two names": hello(extension(0, sized(2, one, one))),
    "an extension twice": hello(serverName("a.b"), serverName("c.d")),
    "an empty name": hello(serverName("")),
    "an empty list of protocols": hello(alpn()),
    "an empty protocol": hello(alpn("")),
    "a list that ends early": hello(extension(0, Buffer.from("000500", "hex"))),
    "no cipher suite": records(message([], "")),
    "half a cipher suite": records(message([], "130113")),
    "another message first": records(Buffer.from("0200000100", "hex")),
    "an empty record": Buffer.from("1603010000", "hex"),
    "a record that is too long": Buffer.from("1603014001", "hex"),
    "an alert between records": Buffer.concat([
      records(message([serverName("a.b")]).subarray(0, 20)),
      Buffer.from([21]),
    ]),
  };
  for (const [what, bytes] of Object.entries(wrong)) assert.equal(parseClientHello(bytes).kind, "malformed", what);
});

const someHello = fc
  .record({
    name: fc.option(fc.domain(), { nil: undefined }),
    protocols: fc.array(fc.stringMatching(/^[a-z0-9/.]{1,20}$/), { maxLength: 4 }),
    padding: fc.nat({ max: 3000 }),
    record: fc.integer({ min: 20, max: 16384 }),
  })
  .map(({ name, protocols, padding, record }) => ({
    expected: named(name, ...protocols),
    bytes: records(
      message([
        ...(name === undefined ? [] : [serverName(name)]),
        ...(protocols.length === 0 ? [] : [alpn(...protocols)]),
        extension(21, Buffer.alloc(padding)),
      ]),
      record,
    ),
  }));

test("however it is split, a hello is incomplete until its last byte and then the same", () => {
  fc.assert(
    fc.property(someHello, fc.array(fc.nat(), { maxLength: 8 }), ({ bytes, expected }, cuts) => {
      for (const cut of [...cuts.map((at) => at % bytes.length), bytes.length - 1]) {
        const answer = parseClientHello(bytes.subarray(0, cut));
        assert.equal(answer.kind, "incomplete");
        assert.ok(answer.wanted > cut && answer.wanted <= bytes.length);
      }
      assert.deepEqual(parseClientHello(bytes), expected);
    }),
  );
});

test("any bytes give an answer, and more of them never take one back", () => {
  const plausible = fc
    .tuple(someHello, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 }))
    .map(([{ bytes }, changes]) => {
      const changed = Buffer.from(bytes);
      for (const [at, value] of changes) changed[at % changed.length] = value;
      return changed;
    });
  const any = fc.oneof(
    plausible,
    fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(any, fc.nat(), (bytes, cut) => {
      const part = parseClientHello(bytes.subarray(0, cut % (bytes.length + 1)));
      const whole = parseClientHello(bytes);
      // Only one that was not whole may become another answer, and not before it has what it wants.
      if (part.kind !== "incomplete") assert.equal(whole.kind, part.kind);
      else if (part.wanted > bytes.length) assert.equal(whole.kind, "incomplete");
    }),
    { numRuns: 500 },
  );
});

test("hellos of Node's own client", async (t) => {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;

  async function helloOf(options: ConnectionOptions): Promise<Buffer> {
    const arrived = once(server, "connection") as Promise<[Socket]>;
    const client = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
    client.on("error", () => undefined);
    const [socket] = await arrived;
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        chunks.push(chunk);
        const bytes = Buffer.concat(chunks);
        if (parseClientHello(bytes).kind !== "incomplete") return bytes;
      }
      throw new Error("The client closed before its ClientHello was whole");
    } finally {
      client.destroy();
      socket.destroy();
    }
  }

  const lowest = { ciphers: "DEFAULT@SECLEVEL=0" } as const;
  const versions: readonly ConnectionOptions[] = [
    {},
    { minVersion: "TLSv1.3" },
    { maxVersion: "TLSv1.2" },
    { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ...lowest },
    { minVersion: "TLSv1", maxVersion: "TLSv1", ...lowest },
    { ecdhCurve: "X25519MLKEM768" },
    { ecdhCurve: "SecP384r1MLKEM1024" },
    { ciphers: "ECDHE-RSA-AES128-GCM-SHA256", maxVersion: "TLSv1.2" },
  ];
  for (const version of versions) {
    const bytes = await helloOf({ ...version, servername: "Db.Example.com", ALPNProtocols: ["postgresql", "h2"] });
    assert.deepEqual(parseClientHello(bytes), named("db.example.com", "postgresql", "h2"), JSON.stringify(version));
    assert.deepEqual(parseClientHello(await helloOf(version)), named(undefined), JSON.stringify(version));
  }
  assert.ok((await helloOf({ ecdhCurve: "SecP384r1MLKEM1024" })).length > 1460);
});
