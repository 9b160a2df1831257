import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { describe, test } from "node:test";
import { connect } from "node:tls";
import type { Credential } from "../../../../app/gateway/credentials/credentials.ts";
import {
  factsOf,
  formatV1,
  formatV2,
  parseProxyHeader,
} from "../../../../app/gateway/protocol/proxy-protocol/index.ts";
import { Backend } from "../../support/backend.ts";
import { Authority } from "../../support/certificates.ts";
import { Client } from "../../support/client.ts";
import { Rig, engines } from "../../support/engines.ts";
import { serverTls, type Declared } from "../../support/snapshot.ts";

const addresses = {
  family: "IPv4",
  sourceAddress: "203.0.113.7",
  sourcePort: 4711,
  destinationAddress: "198.51.100.1",
  destinationPort: 443,
} as const;
const accepted = { mode: "require", sources: ["127.0.0.0/8"] } as const;

for (const { name, create } of engines) {
  const to = (backend: Backend, policy = {}): Declared["rules"] => [
    { to: [{ subset: "v1", endpoints: [backend.endpoint], policy }] },
  ];

  describe(`engine ${name}: the PROXY protocol`, () => {
    test("the client's address counts for routes and in the log", async () => {
      await using near = await Backend.named("near");
      await using far = await Backend.named("far");
      await using rig = new Rig(create);
      await rig.apply({
        port: 1,
        listener: { proxyProtocol: accepted },
        rules: [
          { sourceSubnets: ["203.0.113.0/24"], to: [{ subset: "v1", endpoints: [far.endpoint] }] },
          { to: [{ subset: "v2", endpoints: [near.endpoint] }] },
        ],
      });
      using client = await rig.connect(1);
      client.send(formatV1(addresses));
      assert.equal(await client.text("\n"), "far\n");
      client.end();
      const record = await rig.record();
      assert.deepEqual(record.downstream, { address: "203.0.113.7", port: 4711 });
      assert.equal(record.direct.address, "127.0.0.1");
      assert.deepEqual(record.proxyProtocol, { version: 1, command: "PROXY" });
    });

    test("a connection without the header that is required is refused", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, listener: { proxyProtocol: accepted }, rules: to(backend) });
      using client = await rig.connect(1);
      client.send("hello");
      assert.equal(await client.closed, "RST");
      assert.equal((await rig.record()).reason, "proxy_protocol_error");
      assert.equal(backend.count, 0);
    });

    test("V1 is sent before the client's first byte", async () => {
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: to(backend, { proxyProtocol: "V1" }) });
      using client = await rig.connect(1);
      client.send("hello");
      const server = await backend.next();
      const port = client.socket.localPort ?? 0;
      const expected = `PROXY TCP4 127.0.0.1 127.0.0.1 ${port} ${rig.bound(1)}\r\nhello`;
      assert.equal(await server.text("hello"), expected);
      server.send("back");
      assert.equal(await client.text("back"), "back");
    });

    test("PROXY header, SNI and TLS that ends here, told on as V2 with all that is known", async () => {
      const authority = await Authority.create();
      const [web, person] = [await authority.issue("a.example"), await authority.issue("person")];
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      await rig.engine.setCredentials(
        new Map<string, Credential>([
          ["Secret web certificate", { certificate: web.certificate, key: web.key }],
          ["Secret web trust", { ca: authority.certificate }],
        ]),
      );
      await rig.apply({
        port: 1,
        protocol: "TLS",
        sniHosts: ["a.example"],
        tls: { ...serverTls, mode: "MUTUAL", trust: { kind: "Secret", name: "web" } },
        listener: { proxyProtocol: accepted },
        rules: to(backend, { proxyProtocol: "V2" }),
      });
      const tcp = connectTcp({ port: rig.bound(1), host: "127.0.0.1" });
      await once(tcp, "connect");
      tcp.write(formatV2({ command: "PROXY", addresses, tlvs: [{ type: 5, value: Buffer.from("00ff", "hex") }] }));
      const tls = connect({
        socket: tcp,
        servername: "a.example",
        ca: authority.certificate,
        cert: person.certificate,
        key: person.key,
        maxVersion: "TLSv1.3",
      });
      using client = new Client(tls);
      client.send("hello");
      const server = await backend.next();
      await server.text("hello");
      const parsed = parseProxyHeader(server.received);
      assert.ok(parsed.kind === "header");
      assert.deepEqual(parsed.header.addresses, addresses);
      const facts = factsOf(parsed.header.tlvs);
      assert.equal(facts.authority, "a.example");
      assert.equal(facts.uniqueId, "00ff");
      assert.equal(facts.ssl?.version, "TLSv1.3");
      assert.equal(facts.ssl.commonName, "person");
      assert.equal(facts.ssl.verified, true);
      assert.equal(server.received.subarray(parsed.length).toString(), "hello");
    });
  });
}
