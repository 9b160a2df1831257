import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { describe, test } from "node:test";
import { connect, type ConnectionOptions, type TLSSocket } from "node:tls";
import type { Credential } from "../../../../app/gateway/credentials/credentials.ts";
import type { ServerTls } from "../../../../routing/table.ts";
import { Backend, deadEndpoint } from "../../support/backend.ts";
import { Authority, type Issued } from "../../support/certificates.ts";
import { Client } from "../../support/client.ts";
import { Rig, engines } from "../../support/engines.ts";
import { clientTls, serverTls, type Declared } from "../../support/snapshot.ts";
import { TlsBackend } from "../../support/tls-backend.ts";
import { until } from "../../support/until.ts";

const authority = await Authority.create();
const stranger = await Authority.create("Stranger");
const web = await authority.issue("a.example");
const other = await authority.issue("b.example");
const person = await authority.issue("person", { names: ["person.example", "spiffe://cluster/person"] });
const upstream = await authority.issue("upstream.example");

const own = ({ certificate, key }: Issued): Credential => ({ certificate, key });
const trust: Credential = { ca: authority.certificate };
const credentials = new Map<string, Credential>([
  ["Secret web certificate", own(web)],
  ["Secret other certificate", own(other)],
  ["Secret web trust", trust],
  ["Secret upstream trust", trust],
  ["Secret upstream certificate", own(person)],
]);

const mutual: ServerTls = { ...serverTls, mode: "MUTUAL", trust: { kind: "Secret", name: "web" } };

/** Bytes whose every position shows. */
function pattern(length: number): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let index = 0; index < words.length; index++) words[index] = Math.imul(index + 1, 2654435761);
  return Buffer.from(words.buffer, 0, length);
}

const digest = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** A client of TLS; `tcp` can be reset. */
async function open(
  port: number,
  options: ConnectionOptions = {},
): Promise<{ client: Client; tls: TLSSocket; reset(): void } & Disposable> {
  const tcp = connectTcp({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  tcp.on("error", () => undefined);
  await once(tcp, "connect");
  const tls = connect({ socket: tcp, servername: "a.example", ca: authority.certificate, ...options });
  const client = new Client(tls);
  await Promise.race([new Promise((resolve) => tls.once("secureConnect", resolve)), client.closed]);
  return { client, tls, reset: () => tcp.resetAndDestroy(), [Symbol.dispose]: () => void tcp.destroy() };
}

for (const { name, create } of engines) {
  const to = (backend: { readonly endpoint: Backend["endpoint"] }, policy = {}): Declared["rules"] => [
    { to: [{ subset: "v1", endpoints: [backend.endpoint], policy }] },
  ];
  const start = async (...declared: Declared[]): Promise<Rig> => {
    const rig = new Rig(create);
    await rig.engine.setCredentials(credentials);
    await rig.apply(...declared);
    return rig;
  };

  describe(`engine ${name}: TLS that passes through`, () => {
    test("the server name chooses the server, whose handshake it is", async () => {
      await using a = await TlsBackend.start(web, "a");
      await using b = await TlsBackend.start(other, "b");
      await using rig = await start({
        port: 1,
        protocol: "TLS",
        sniHosts: ["a.example"],
        rules: [{ to: [{ subset: "v1", endpoints: [a.endpoint] }] }],
        others: [
          {
            protocol: "TLS",
            sniHosts: ["*.example"],
            rules: [{ to: [{ subset: "v2", endpoints: [b.endpoint] }] }],
          },
        ],
      });
      for (const [servername, expected] of [
        ["a.example", "a"],
        ["b.example", "b"],
      ] as const) {
        using ends = await open(rig.bound(1), { servername });
        assert.equal(await ends.client.text("\n"), `${expected}\n`);
      }
      await rig.record(2);
      assert.deepEqual(rig.closed.map((record) => record.serverName).sort(), ["a.example", "b.example"]);
      assert.equal(rig.closed[0]?.tls, undefined);
    });

    test("a name that no server has, and none at all, are refused", async () => {
      await using a = await TlsBackend.start(web, "a");
      await using rig = await start({ port: 1, protocol: "TLS", sniHosts: ["a.example"], rules: to(a) });
      for (const servername of ["c.example", ""]) {
        using ends = await open(rig.bound(1), { servername });
        assert.equal(await ends.client.closed, "RST");
      }
      const record = await rig.record(2);
      assert.deepEqual([record.reason, record.closedHow], ["no_route", "refused"]);
    });

    test("what is no TLS is refused, and the log says so", async () => {
      await using a = await TlsBackend.start(web, "a");
      await using rig = await start({ port: 1, protocol: "TLS", rules: to(a) });
      using client = await rig.connect(1);
      client.send("GET / HTTP/1.1\r\n\r\n");
      assert.equal(await client.closed, "RST");
      const record = await rig.record();
      assert.deepEqual([record.reason, record.detail], ["client_hello_error", "The client does not speak TLS"]);
    });

    test("a client that is slow is refused in time", async () => {
      await using a = await TlsBackend.start(web, "a");
      await using rig = await start({ port: 1, protocol: "TLS", listener: { clientHelloTimeout: 20 }, rules: to(a) });
      using client = await rig.connect(1);
      client.send(Buffer.from([22, 3, 1]));
      assert.equal(await client.closed, "RST");
      assert.equal((await rig.record()).reason, "client_hello_timeout");
    });

    test("a client that goes before it has said anything", async () => {
      await using a = await TlsBackend.start(web, "a");
      await using rig = await start({ port: 1, protocol: "TLS", rules: to(a) });
      using client = await rig.connect(1);
      client.end();
      assert.equal((await rig.record()).reason, "client_closed_early");
    });
  });

  describe(`engine ${name}: TLS that ends at the gateway`, () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const options = { minVersion: version, maxVersion: version };

      test(`${version}: half-closed by the client first, then by the server first`, async () => {
        await using backend = await Backend.start();
        await using rig = await start({ port: 1, protocol: "TLS", tls: serverTls, rules: to(backend) });
        for (const first of ["client", "server"] as const) {
          using ends = await open(rig.bound(1), options);
          const server = await backend.next();
          const [closing, left] = first === "client" ? [ends.client, server] : [server, ends.client];
          const data = pattern(300_000);
          closing.send(data);
          closing.end();
          assert.equal(digest(await left.untilEnd()), digest(data));
          left.send("still here");
          assert.equal(await closing.text("here"), "still here");
          left.end();
          await closing.untilEnd();
        }
        const record = await rig.record(2);
        assert.equal(record.reason, "finished");
        assert.equal(record.tls?.version, version);
        assert.equal(record.serverName, "a.example");
        assert.ok(record.tls.cipher.length > 0);
      });

      test(`${version}: a reset by either side is a reset on the other`, async () => {
        await using backend = await Backend.start();
        await using rig = await start({ port: 1, protocol: "TLS", tls: serverTls, rules: to(backend) });
        {
          using ends = await open(rig.bound(1), options);
          const server = await backend.next();
          ends.client.send("x");
          await server.bytes(1);
          ends.reset();
          assert.equal(await server.closed, "RST");
          assert.equal((await rig.record(1)).reason, "downstream_reset");
        }
        using ends = await open(rig.bound(1), options);
        const server = await backend.next();
        ends.client.send("x");
        await server.bytes(1);
        server.reset();
        assert.equal(await ends.client.closed, "RST");
        assert.equal((await rig.record(2)).reason, "upstream_reset");
      });
    }

    test("several certificates by server name", async () => {
      await using backend = await Backend.named("plain");
      await using rig = await start({
        port: 1,
        protocol: "TLS",
        sniHosts: ["a.example"],
        tls: serverTls,
        rules: to(backend),
        others: [
          {
            protocol: "TLS",
            sniHosts: ["b.example"],
            tls: { ...serverTls, certificates: [{ kind: "Secret", name: "other" }] },
            rules: to(backend),
          },
        ],
      });
      for (const [servername, issued] of [
        ["a.example", web],
        ["b.example", other],
      ] as const) {
        using ends = await open(rig.bound(1), { servername });
        assert.equal(ends.tls.getPeerX509Certificate()?.fingerprint256, issued.parsed.fingerprint256);
        assert.equal(await ends.client.text("\n"), "plain\n");
      }
    });

    test("an RSA and an ECDSA certificate: each client takes the one that it can", async () => {
      const rsa = await authority.issue("a.example", { key: "RSA" });
      await using backend = await Backend.named("plain");
      await using rig = await start({
        port: 1,
        protocol: "TLS",
        tls: { ...serverTls, certificates: [...serverTls.certificates, { kind: "Secret", name: "rsa" }] },
        rules: to(backend),
      });
      await rig.engine.setCredentials(new Map([...credentials, ["Secret rsa certificate", own(rsa)]]));
      for (const [ciphers, issued] of [
        ["ECDHE-RSA-AES128-GCM-SHA256", rsa],
        ["ECDHE-ECDSA-AES128-GCM-SHA256", web],
      ] as const) {
        using ends = await open(rig.bound(1), { ciphers, maxVersion: "TLSv1.2" });
        assert.equal(ends.tls.getPeerX509Certificate()?.fingerprint256, issued.parsed.fingerprint256);
      }
    });

    test("versions and cipher suites are those that are declared", async () => {
      await using backend = await Backend.named("plain");
      await using rig = await start(
        { port: 1, protocol: "TLS", tls: { ...serverTls, minProtocolVersion: "TLSv1.3" }, rules: to(backend) },
        {
          port: 2,
          protocol: "TLS",
          tls: { ...serverTls, maxProtocolVersion: "TLSv1.2", cipherSuites: ["ECDHE-ECDSA-AES256-GCM-SHA384"] },
          rules: to(backend),
        },
      );
      using refused = await open(rig.bound(1), { maxVersion: "TLSv1.2" });
      await refused.client.closed;
      const record = await rig.record();
      assert.equal(record.reason, "tls_handshake_failure");
      assert.match(record.detail ?? "", /protocol/);
      using ends = await open(rig.bound(2));
      assert.equal(ends.tls.getCipher().name, "ECDHE-ECDSA-AES256-GCM-SHA384");
      using wrong = await open(rig.bound(2), { ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" });
      await wrong.client.closed;
      assert.match((await rig.record(2)).detail ?? "", /cipher/);
    });

    test("a handshake that takes too long is cut", async () => {
      await using backend = await Backend.start();
      await using rig = await start({
        port: 1,
        protocol: "TLS",
        tls: serverTls,
        listener: { tlsHandshakeTimeout: 50 },
        rules: to(backend),
      });
      await using recorder = await Backend.start();
      const probe = connect({ port: recorder.port, host: "127.0.0.1", servername: "a.example" });
      probe.on("error", () => undefined);
      const hello = await (await recorder.next()).bytes(200);
      probe.destroy();
      using client = await rig.connect(1);
      client.send(hello);
      assert.equal(await client.closed, "RST");
      assert.equal((await rig.record()).reason, "tls_handshake_timeout");
      assert.equal(backend.count, 0);
    });

    test("a client that refuses the certificate, and one that closes in the middle", async () => {
      await using backend = await Backend.start();
      await using rig = await start({ port: 1, protocol: "TLS", tls: serverTls, rules: to(backend) });
      using wrong = await open(rig.bound(1), { ca: stranger.certificate });
      assert.equal(await wrong.client.closed, "RST");
      const record = await rig.record();
      assert.ok(["tls_handshake_failure", "client_closed_early"].includes(record.reason), record.reason);
      assert.equal(backend.count, 0);
    });

    test("without its certificate a server refuses, its neighbours go on, and it serves once the certificate comes", async () => {
      await using backend = await Backend.named("plain");
      await using rig = await start({
        port: 1,
        protocol: "TLS",
        sniHosts: ["a.example"],
        tls: { ...serverTls, certificates: [{ kind: "Secret", name: "late" }] },
        rules: to(backend),
        others: [
          {
            protocol: "TLS",
            sniHosts: ["b.example"],
            tls: { ...serverTls, certificates: [{ kind: "Secret", name: "other" }] },
            rules: to(backend),
          },
        ],
      });
      using refused = await open(rig.bound(1));
      assert.equal(await refused.client.closed, "RST");
      const record = await rig.record();
      assert.deepEqual([record.reason, record.detail], ["tls_certificate_missing", "Secret late is not usable"]);
      using neighbour = await open(rig.bound(1), { servername: "b.example" });
      await neighbour.client.text("plain");
      await rig.engine.setCredentials(new Map([...credentials, ["Secret late certificate", own(web)]]));
      using served = await open(rig.bound(1));
      await served.client.text("plain");
    });

    test("a new certificate is for new connections; those that stand go on", async () => {
      const renewed = await authority.issue("a.example");
      await using backend = await Backend.named("plain");
      await using rig = await start({ port: 1, protocol: "TLS", tls: serverTls, rules: to(backend) });
      const standing = await Promise.all(Array.from({ length: 20 }, () => open(rig.bound(1))));
      await rig.engine.setCredentials(new Map([...credentials, ["Secret web certificate", own(renewed)]]));
      const fresh = await Promise.all(Array.from({ length: 20 }, () => open(rig.bound(1))));
      for (const { tls } of fresh) {
        assert.equal(tls.getPeerX509Certificate()?.fingerprint256, renewed.parsed.fingerprint256);
      }
      for (const [index, { client, tls }] of standing.entries()) {
        assert.equal(tls.getPeerX509Certificate()?.fingerprint256, web.parsed.fingerprint256);
        client.send(`still ${index}\n`);
        await client.text(`still ${index}\n`);
      }
      for (const ends of [...standing, ...fresh]) ends[Symbol.dispose]();
    });
  });

  describe(`engine ${name}: clients' certificates`, () => {
    const shows = (issued: Issued): ConnectionOptions => ({ cert: issued.certificate, key: issued.key });

    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      test(`MUTUAL, ${version}: who has one of the authority's comes in, and the log names them`, async () => {
        await using backend = await Backend.named("plain");
        await using rig = await start({ port: 1, protocol: "TLS", tls: mutual, rules: to(backend) });
        using ends = await open(rig.bound(1), { ...shows(person), maxVersion: version });
        await ends.client.text("plain");
        ends.client.end();
        assert.equal((await rig.record()).tls?.peerSubject, "CN=person");
      });

      test(`MUTUAL, ${version}: nobody else does`, async () => {
        const expired = await authority.issue("late", { notAfter: new Date(Date.now() - 1000) });
        const foreign = await stranger.issue("person");
        await using backend = await Backend.start();
        await using rig = await start({ port: 1, protocol: "TLS", tls: mutual, rules: to(backend) });
        let count = 0;
        for (const [options, detail] of [
          [{}, /showed no certificate/],
          [shows(foreign), /CN=person\) is not verified: UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER/],
          [shows(expired), /CN=late\) is not verified: CERT_HAS_EXPIRED/],
        ] as const) {
          using ends = await open(rig.bound(1), { ...options, maxVersion: version });
          assert.equal(await ends.client.closed, "RST");
          const record = await rig.record(++count);
          assert.equal(record.reason, "tls_handshake_failure");
          assert.match(record.detail ?? "", detail);
        }
        assert.equal(backend.count, 0);
      });

      test(`MUTUAL, ${version}: a session of a client that was refused lets nobody in`, async () => {
        await using backend = await Backend.start();
        await using rig = await start({ port: 1, protocol: "TLS", tls: mutual, rules: to(backend) });
        const tcp = connectTcp({ port: rig.bound(1), host: "127.0.0.1" }).on("error", () => undefined);
        const first = connect({ socket: tcp, servername: "a.example", ca: authority.certificate, maxVersion: version });
        first.on("error", () => undefined);
        const sessions: Buffer[] = [];
        first.on("session", (session: Buffer) => sessions.push(session));
        await new Promise((resolve) => first.on("close", resolve));
        for (const session of sessions) {
          using again = await open(rig.bound(1), { session, maxVersion: version });
          assert.equal(await again.client.closed, "RST");
        }
        assert.equal(backend.count, 0);
      });
    }

    test("OPTIONAL_MUTUAL: none is fine, a wrong one is not", async () => {
      const foreign = await stranger.issue("person");
      await using backend = await Backend.named("plain");
      await using rig = await start({
        port: 1,
        protocol: "TLS",
        tls: { ...mutual, mode: "OPTIONAL_MUTUAL" },
        rules: to(backend),
      });
      using none = await open(rig.bound(1));
      await none.client.text("plain");
      using right = await open(rig.bound(1), shows(person));
      await right.client.text("plain");
      using wrong = await open(rig.bound(1), shows(foreign));
      assert.equal(await wrong.client.closed, "RST");
    });

    test("revoked certificates are refused", async () => {
      const revoked = await authority.issue("revoked");
      authority.revoke(revoked);
      const crl = await authority.revocations();
      await using backend = await Backend.named("plain");
      await using rig = await start({ port: 1, protocol: "TLS", tls: mutual, rules: to(backend) });
      await rig.engine.setCredentials(new Map([...credentials, ["Secret web trust", { ...trust, crl }]]));
      using right = await open(rig.bound(1), shows(person));
      await right.client.text("plain");
      using wrong = await open(rig.bound(1), shows(revoked));
      assert.equal(await wrong.client.closed, "RST");
      assert.match((await rig.record()).detail ?? "", /CERT_REVOKED/);
    });

    test("names and hashes that are asked for", async () => {
      const { parsed } = person;
      const hash = createHash("sha256").update(parsed.raw).digest("hex");
      const spki = createHash("sha256")
        .update(parsed.publicKey.export({ type: "spki", format: "der" }))
        .digest("base64");
      await using backend = await Backend.named("plain");
      await using rig = await start();
      const accepts = async (asked: Partial<ServerTls>): Promise<boolean> => {
        await rig.apply({ port: 1, protocol: "TLS", tls: { ...mutual, ...asked }, rules: to(backend) });
        using ends = await open(rig.bound(1), shows(person));
        return await ends.client.text("plain").then(
          () => true,
          () => false,
        );
      };
      assert.equal(await accepts({ subjectAltNames: ["spiffe://cluster/person"] }), true);
      assert.equal(await accepts({ subjectAltNames: ["nobody.example", "person.example"] }), true);
      assert.equal(await accepts({ subjectAltNames: ["nobody.example"] }), false);
      assert.equal(await accepts({ verifyCertificateHash: [hash] }), true);
      assert.equal(await accepts({ verifyCertificateHash: [hash.replace(/^./, "_")] }), false);
      assert.equal(await accepts({ verifyCertificateSpki: [spki] }), true);
      assert.equal(await accepts({ verifyCertificateSpki: ["AAAA"], verifyCertificateHash: [hash] }), true);
      assert.equal(await accepts({ verifyCertificateSpki: ["AAAA"] }), false);
    });
  });

  describe(`engine ${name}: TLS that the gateway begins`, () => {
    test("SIMPLE and MUTUAL, with the server name", async () => {
      await using backend = await TlsBackend.start(upstream, "secret", {
        ca: authority.certificate,
        requestCert: true,
      });
      await using rig = await start(
        { port: 1, rules: to(backend, { tls: clientTls }) },
        {
          port: 2,
          rules: [
            {
              to: [
                {
                  subset: "v2",
                  endpoints: [backend.endpoint],
                  policy: {
                    tls: { ...clientTls, mode: "MUTUAL", certificate: { kind: "Secret", name: "upstream" } },
                  },
                },
              ],
            },
          ],
        },
      );
      using simple = await rig.connect(1);
      assert.equal(await simple.text("\n"), "secret\n");
      using both = await rig.connect(2);
      assert.equal(await both.text("\n"), "secret\n");
      assert.deepEqual(backend.handshakes, [
        { serverName: "upstream.example", client: undefined },
        { serverName: "upstream.example", client: "CN=person" },
      ]);
    });

    test("a certificate of nobody's, of another name or expired is not taken; insecureSkipVerify takes any", async () => {
      const cases = [
        [await stranger.issue("upstream.example"), /unable to|self-signed/],
        [await authority.issue("elsewhere.example"), /none of the names upstream.example/],
        [await authority.issue("upstream.example", { notAfter: new Date(Date.now() - 1000) }), /expired/],
      ] as const;
      for (const [issued, detail] of cases) {
        await using backend = await TlsBackend.start(issued, "secret");
        await using rig = await start({ port: 1, rules: to(backend, { tls: clientTls }) });
        using client = await rig.connect(1);
        assert.equal(await client.closed, "RST");
        const record = await rig.record();
        assert.deepEqual([record.reason, record.attempts], ["upstream_tls_failure", 1]);
        assert.match(record.detail ?? "", detail);
        await rig.apply({ port: 1, rules: to(backend, { tls: { ...clientTls, insecureSkipVerify: true } }) });
        using taken = await rig.connect(1);
        await taken.text("secret");
      }
    });

    test("an endpoint whose handshake fails gives way to the next, and the client's bytes are not lost", async () => {
      await using plain = await Backend.start((client) => client.send("no TLS here\n"));
      await using backend = await TlsBackend.start(upstream, "secret");
      await using rig = await start({
        port: 1,
        rules: [
          {
            to: [
              {
                subset: "v1",
                endpoints: [plain.endpoint, await deadEndpoint(), backend.endpoint],
                policy: { tls: clientTls, loadBalancer: "ROUND_ROBIN" },
              },
            ],
          },
        ],
      });
      for (let index = 0; index < 3; index++) {
        using client = await rig.connect(1);
        client.send(`hello ${index}\n`);
        await client.text(`hello ${index}\n`);
      }
      await rig.until(() => rig.connectFailures.length > 0);
    });

    test("an endpoint that never answers the handshake is given up in time", async () => {
      await using silent = await Backend.start();
      await using rig = await start({ port: 1, rules: to(silent, { tls: clientTls, connectTimeout: 50 }) });
      using client = await rig.connect(1);
      assert.equal(await client.closed, "RST");
      assert.equal((await rig.record()).reason, "upstream_connect_timeout");
    });

    test("32 MiB each way through TLS on both sides, to readers that stall", async () => {
      await using backend = await TlsBackend.start(upstream);
      await using rig = await start({
        port: 1,
        protocol: "TLS",
        tls: serverTls,
        rules: to(backend, { tls: clientTls }),
      });
      using ends = await open(rig.bound(1));
      const server = await backend.next();
      const up = pattern(32 * 1024 * 1024);
      const down = pattern(32 * 1024 * 1024).reverse();
      ends.tls.pause();
      server.socket.pause();
      ends.client.send(up);
      server.send(down);
      const stalled = (): boolean => rig.engine.counters.downstreamPauses > 0 && rig.engine.counters.upstreamPauses > 0;
      await until("both directions to stall", stalled);
      ends.tls.resume();
      server.socket.resume();
      const [gotUp, gotDown] = await Promise.all([server.bytes(up.length), ends.client.bytes(down.length)]);
      assert.equal(digest(gotUp), digest(up));
      assert.equal(digest(gotDown), digest(down));
      ends.client.end();
      await server.untilEnd();
      server.end();
      await ends.client.untilEnd();
      assert.equal((await rig.record()).bytesReceived, up.length);
    });
  });
}
