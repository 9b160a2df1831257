import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { describe, test } from "node:test";
import { readPreface } from "../../../../../app/gateway/engine/net/first-bytes.ts";
import { socketOptions } from "../../../../../app/gateway/engine/net/sockets.ts";
import type { StageContext } from "../../../../../app/gateway/engine/net/stage.ts";
import { TlsContexts } from "../../../../../app/gateway/engine/net/tls/contexts.ts";
import { prefacesOf } from "../../../../../app/gateway/engine/preface/index.ts";
import type { ClientFacts } from "../../../../../app/gateway/engine/record.ts";
import { StageFailure } from "../../../../../app/gateway/engine/stage-failure.ts";
import { formatV1, formatV2, tlvsOf } from "../../../../../app/gateway/protocol/proxy-protocol/index.ts";
import type { ListenerPolicy } from "../../../../../routing/table.ts";
import { Client } from "../../../support/client.ts";
import { FakeClock } from "../../../support/clock.ts";
import { snapshotOf } from "../../../support/snapshot.ts";
import { alpn, hello, message, records, serverName } from "../../protocol/hello.ts";

/** A client, and what the gateway's side of its connection reads before the stream. */
class Rig implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly #over = new AbortController();
  readonly #server = createServer({ ...socketOptions, pauseOnConnect: true });
  client!: Client;
  socket!: Socket;
  facts!: ClientFacts;

  static async open(): Promise<Rig> {
    const rig = new Rig();
    rig.#server.listen(0, "127.0.0.1");
    await once(rig.#server, "listening");
    const accepted = once(rig.#server, "connection") as Promise<[Socket]>;
    rig.client = await Client.open((rig.#server.address() as AddressInfo).port);
    [rig.socket] = await accepted;
    rig.socket.on("error", () => undefined);
    const direct = { address: "127.0.0.1", port: rig.socket.remotePort ?? 0 };
    const local = { address: "127.0.0.1", port: rig.socket.localPort ?? 0 };
    rig.facts = {
      downstream: direct,
      local,
      direct,
      serverName: undefined,
      alpn: [],
      proxyProtocol: undefined,
      tls: undefined,
      uniqueId: undefined,
    };
    return rig;
  }

  /** Resolves with the facts, rejects with why not. */
  async read(protocol: "TCP" | "TLS", policy: Partial<ListenerPolicy> = {}): Promise<ClientFacts> {
    const [listener] = snapshotOf(1, [
      { port: 1, protocol, listener: policy, rules: [{ to: [{ subset: "v1", endpoints: [] }] }] },
    ]).table.listeners;
    assert.ok(listener);
    const context: StageContext = { clock: this.clock, signal: this.#over.signal, tls: new TlsContexts() };
    for (const preface of prefacesOf(listener, () => this.facts.direct.address))
      await readPreface(this.socket, preface, this.facts, context);
    assert.ok(this.socket.isPaused());
    assert.equal(this.clock.pending, 0);
    return this.facts;
  }

  /** What is left of the stream, which the client ends. */
  async rest(): Promise<Buffer> {
    const stream = new Client(this.socket);
    this.socket.resume();
    this.client.end();
    return await stream.untilEnd();
  }

  end(): void {
    this.#over.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.socket.destroy();
    this.socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

const failure = (reason: string, detail: RegExp) => (error: unknown) => {
  assert.ok(error instanceof StageFailure);
  assert.equal(error.reason, reason);
  assert.match(error.message, detail);
  return true;
};

/** Sends pieces one after the other, each in a packet of its own. */
async function trickle(client: Client, pieces: readonly Buffer[]): Promise<void> {
  for (const piece of pieces) {
    client.send(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const halves = (bytes: Buffer, at: number): Buffer[] => [bytes.subarray(0, at), bytes.subarray(at)];
const singles = (bytes: Buffer): Buffer[] => Array.from(bytes, (byte) => Buffer.of(byte));

const accepted = { mode: "require", sources: ["127.0.0.0/8"] } as const;
const addresses = {
  family: "IPv4",
  sourceAddress: "203.0.113.7",
  sourcePort: 4711,
  destinationAddress: "198.51.100.1",
  destinationPort: 443,
} as const;

describe("a ClientHello", () => {
  const first = hello(serverName("A.example"), alpn("h2", "postgresql"));
  const behind = Buffer.from("early data");

  test("tells its server name and protocols, and every byte stays the stream's", async () => {
    await using rig = await Rig.open();
    rig.client.send(Buffer.concat([first, behind]));
    const facts = await rig.read("TLS");
    assert.equal(facts.serverName, "a.example");
    assert.deepEqual(facts.alpn, ["h2", "postgresql"]);
    assert.deepEqual(await rig.rest(), Buffer.concat([first, behind]));
  });

  test("byte by byte, in records of one byte each", async () => {
    const tiny = records(message([serverName("a.example")]), 1);
    await using rig = await Rig.open();
    const [facts] = await Promise.all([rig.read("TLS"), trickle(rig.client, singles(tiny))]);
    assert.equal(facts.serverName, "a.example");
    assert.deepEqual(await rig.rest(), tiny);
  });

  test("plain TCP reads nothing", async () => {
    await using rig = await Rig.open();
    const facts = await rig.read("TCP");
    assert.equal(facts.serverName, undefined);
    assert.deepEqual(rig.clock.delays, []);
  });

  for (const [what, bytes, detail] of [
    ["another protocol", Buffer.from("GET / HTTP/1.1\r\n\r\n"), /does not speak TLS/],
    ["one that is too large", Buffer.from("1603010100010040000303", "hex"), /larger than 16 KiB/],
    ["an alert", Buffer.from("15030100020100", "hex"), /does not speak TLS/],
    ["another handshake message", Buffer.from("160301000402000000", "hex"), /no ClientHello/],
  ] as const) {
    test(`${what} is refused`, async () => {
      await using rig = await Rig.open();
      rig.client.send(bytes);
      await assert.rejects(rig.read("TLS"), failure("client_hello_error", detail));
      assert.equal(rig.clock.pending, 0);
    });
  }

  test("one that is slow is refused when its time is over", async () => {
    await using rig = await Rig.open();
    const read = rig.read("TLS", { clientHelloTimeout: 1000 });
    rig.client.send(first.subarray(0, 20));
    await once(rig.socket, "data");
    rig.clock.advance(999);
    rig.clock.advance(1);
    await assert.rejects(read, failure("client_hello_timeout", /within 1000 ms: 20 bytes came/));
  });

  test("a client that closes before is refused", async () => {
    await using rig = await Rig.open();
    rig.client.socket.end(first.subarray(0, 20));
    await assert.rejects(rig.read("TLS"), failure("client_closed_early", /after 20 bytes/));
    assert.equal(rig.clock.pending, 0);
  });

  test("the end of the connection ends the wait", async () => {
    await using rig = await Rig.open();
    const read = rig.read("TLS");
    rig.end();
    await assert.rejects(read, failure("client_closed_early", /after 0 bytes/));
    assert.equal(rig.clock.pending, 0);
  });
});

describe("a PROXY header", () => {
  const tlvs = tlvsOf({ authority: "a.example", uniqueId: "00ff" });
  const v2 = formatV2({ command: "PROXY", addresses, tlvs }, { checksum: true });
  const v1 = formatV1(addresses);
  const behind = Buffer.from("SSH-2.0-OpenSSH\r\n");

  for (const [name, header] of [
    ["v1", v1],
    ["v2", v2],
  ] as const) {
    test(`${name}, split at every byte: its addresses count, and the stream begins behind it`, async () => {
      for (let at = 0; at <= header.length; at++) {
        await using rig = await Rig.open();
        const pieces = halves(Buffer.concat([header, behind]), at);
        const [facts] = await Promise.all([rig.read("TCP", { proxyProtocol: accepted }), trickle(rig.client, pieces)]);
        assert.deepEqual(facts.downstream, { address: "203.0.113.7", port: 4711 });
        assert.deepEqual(facts.local, { address: "198.51.100.1", port: 443 });
        assert.equal(facts.direct.address, "127.0.0.1");
        assert.deepEqual(await rig.rest(), behind, `split at ${at}`);
      }
    });
  }

  test("TLVs are noted", async () => {
    await using rig = await Rig.open();
    rig.client.send(v2);
    const { proxyProtocol } = await rig.read("TCP", { proxyProtocol: accepted });
    assert.deepEqual(proxyProtocol, { version: 2, command: "PROXY", authority: "a.example", uniqueId: "00ff" });
  });

  test("an IPv6 client, and an IPv4-mapped one", async () => {
    for (const [sent, expected] of [
      ["2001:db8::7", "2001:db8::7"],
      ["::ffff:203.0.113.7", "203.0.113.7"],
    ] as const) {
      await using rig = await Rig.open();
      const six = { ...addresses, family: "IPv6", sourceAddress: sent, destinationAddress: "2001:db8::1" } as const;
      rig.client.send(formatV2({ command: "PROXY", addresses: six, tlvs: [] }));
      assert.equal((await rig.read("TCP", { proxyProtocol: accepted })).downstream.address, expected);
    }
  });

  test("LOCAL, UNKNOWN and Unix sockets leave the connection's own addresses", async () => {
    const paths = { family: "Unix", sourcePath: "/run/a", destinationPath: "/run/b" } as const;
    for (const header of [
      formatV2({ command: "LOCAL", addresses: undefined, tlvs: [] }),
      formatV2({ command: "PROXY", addresses: paths, tlvs: [] }),
      formatV1(undefined),
    ]) {
      await using rig = await Rig.open();
      rig.client.send(Buffer.concat([header, behind]));
      const facts = await rig.read("TCP", { proxyProtocol: accepted });
      assert.deepEqual(facts.downstream, facts.direct);
      assert.deepEqual(await rig.rest(), behind);
    }
  });

  test("from a source that is not listed it is the client's own bytes", async () => {
    await using rig = await Rig.open();
    rig.client.send(Buffer.concat([v1, behind]));
    const facts = await rig.read("TCP", { proxyProtocol: { mode: "require", sources: ["10.0.0.0/8", "::1/128"] } });
    assert.deepEqual(facts.downstream, facts.direct);
    assert.deepEqual(await rig.rest(), Buffer.concat([v1, behind]));
  });

  test("required and not there: refused; optional: the bytes are the client's", async () => {
    await using refused = await Rig.open();
    refused.client.send(behind);
    await assert.rejects(
      refused.read("TCP", { proxyProtocol: accepted }),
      failure("proxy_protocol_error", /does not begin with a PROXY header/),
    );
    await using taken = await Rig.open();
    taken.client.send(behind);
    await taken.read("TCP", { proxyProtocol: { ...accepted, mode: "optional" } });
    assert.deepEqual(await taken.rest(), behind);
  });

  test("one whose checksum is wrong is refused, optional or not", async () => {
    const wrong = Buffer.from(v2);
    wrong[20] = (wrong[20] ?? 0) ^ 1;
    for (const mode of ["require", "optional"] as const) {
      await using rig = await Rig.open();
      rig.client.send(wrong);
      await assert.rejects(
        rig.read("TCP", { proxyProtocol: { ...accepted, mode } }),
        failure("proxy_protocol_error", /CRC32c is wrong/),
      );
    }
  });

  test("none in time: refused where required; optional, a silent client goes on and one in the middle does not", async () => {
    const policy = { proxyProtocolTimeout: 1000, proxyProtocol: accepted };
    const optional = { ...policy, proxyProtocol: { ...accepted, mode: "optional" } } as const;

    await using required = await Rig.open();
    const refused = required.read("TCP", policy);
    required.clock.advance(1000);
    await assert.rejects(refused, failure("proxy_protocol_timeout", /within 1000 ms/));

    await using silent = await Rig.open();
    const taken = silent.read("TCP", optional);
    silent.clock.advance(1000);
    await taken;
    silent.client.send(behind);
    assert.deepEqual(await silent.rest(), behind);

    await using middle = await Rig.open();
    const cut = middle.read("TCP", optional);
    middle.client.send(v1.subarray(0, 9));
    await once(middle.socket, "data");
    middle.clock.advance(1000);
    await assert.rejects(cut, failure("proxy_protocol_timeout", /within 1000 ms/));
  });

  test("then a ClientHello, in one packet", async () => {
    const first = hello(serverName("a.example"));
    await using rig = await Rig.open();
    rig.client.send(Buffer.concat([v2, first]));
    const facts = await rig.read("TLS", { proxyProtocol: accepted });
    assert.equal(facts.downstream.address, "203.0.113.7");
    assert.equal(facts.serverName, "a.example");
    assert.deepEqual(await rig.rest(), first);
  });
});
