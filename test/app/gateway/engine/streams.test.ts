import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Backend } from "../../support/backend.ts";
import { Rig, engines } from "../../support/engines.ts";
import { bothWays, digest, pair, pattern } from "../../support/streams.ts";

for (const { name, create } of engines) {
  describe(`engine ${name}: what happens to the bytes`, () => {
    test("a server that speaks first is heard at once", async () => {
      await using backend = await Backend.start((client) => client.send("220 ready\r\n"));
      await using rig = new Rig(create);
      const { client } = await pair(rig, backend);
      using _client = client;
      assert.equal(await client.text("\r\n"), "220 ready\r\n");
    });

    test("bytes pass untouched in both directions at once", async () => {
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      const { client, server } = await pair(rig, backend);
      using _client = client;
      const up = pattern(8 * 1024 * 1024);
      const down = pattern(5 * 1024 * 1024 + 3).reverse();
      client.send(up);
      server.send(down);
      const [gotUp, gotDown] = await Promise.all([server.bytes(up.length), client.bytes(down.length)]);
      assert.equal(digest(gotUp), digest(up));
      assert.equal(digest(gotDown), digest(down));
    });

    test("a word after a pause in much is not kept waiting for more", async () => {
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      const { client, server } = await pair(rig, backend);
      using _client = client;
      const much = pattern(24 * 1024 * 1024);
      let length = 0;
      for (const word of ["first", "second", "third"]) {
        client.send(much);
        length += much.length;
        await server.bytes(length);
        client.send(word);
        length += word.length;
        assert.equal((await server.bytes(length)).subarray(-word.length).toString(), word);
      }
    });

    for (const [first, second] of bothWays) {
      test(`the ${first} closes its direction first, and the other goes on`, async () => {
        await using backend = await Backend.start();
        await using rig = new Rig(create);
        const ends = await pair(rig, backend);
        using _client = ends.client;
        const [closing, open] = [ends[first], ends[second]];
        const data = pattern(300_000);
        closing.send(data);
        closing.end();
        assert.equal(digest(await open.untilEnd()), digest(data));
        open.send("still here");
        assert.equal(await closing.text("here"), "still here");
        open.end();
        await closing.untilEnd();
        const record = await rig.record();
        const side = first === "client" ? "downstream" : "upstream";
        assert.deepEqual([record.closedBy, record.closedHow, record.reason], [side, "FIN", "finished"]);
      });
    }

    for (const [first, second] of bothWays) {
      const side = first === "client" ? "downstream" : "upstream";

      test(`a reset by the ${first} is a reset on the other side`, async () => {
        await using backend = await Backend.start();
        await using rig = new Rig(create);
        const ends = await pair(rig, backend);
        using _client = ends.client;
        ends.client.send("x");
        await ends.server.text("x");
        ends[first].reset();
        assert.equal(await ends[second].closed, "RST");
        const record = await rig.record();
        assert.deepEqual([record.closedBy, record.closedHow, record.reason], [side, "RST", `${side}_reset`]);
      });

      test(`a reset by the ${second} after the ${first} half-closed is a reset, too`, async () => {
        await using backend = await Backend.start();
        await using rig = new Rig(create);
        const ends = await pair(rig, backend);
        using _client = ends.client;
        ends[first].send("x");
        ends[first].end();
        await ends[second].untilEnd();
        ends[second].reset();
        assert.equal(await ends[first].closed, "RST");
        const record = await rig.record();
        assert.deepEqual([record.closedBy, record.closedHow], [side, "FIN"]);
        assert.match(record.reason, /_reset$/);
      });

      test(`a ${second} that does not read stops the ${first}, memory stays bounded, and nothing is lost`, async () => {
        await using backend = await Backend.start();
        await using rig = new Rig(create);
        const ends = await pair(rig, backend);
        using _client = ends.client;
        const [writer, reader] = [ends[first], ends[second]];
        reader.socket.pause();
        const data = pattern(32 * 1024 * 1024);
        const pauses = (): number => rig.engine.counters[first === "client" ? "downstreamPauses" : "upstreamPauses"];
        writer.send(data);
        while (pauses() === 0) await new Promise(setImmediate);
        // What the gateway took in and the reader's kernel did not take is in the gateway's memory.
        const [connection] = await rig.engine.connections();
        assert.ok(connection);
        const taken = first === "client" ? connection.bytesReceived : connection.bytesSent;
        assert.ok(taken < data.length / 2, `took ${taken} of ${data.length} bytes`);
        reader.socket.resume();
        assert.equal(digest(await reader.bytes(data.length)), digest(data));
      });
    }

    test("a client that is gone while the upstream is stalled leaves nothing behind", async () => {
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      const { client, server } = await pair(rig, backend);
      server.socket.pause();
      client.send(pattern(16 * 1024 * 1024));
      while (rig.engine.counters.downstreamPauses === 0) await new Promise(setImmediate);
      client.reset();
      server.socket.resume();
      assert.equal(await server.closed, "RST");
      await rig.engine.idle();
      assert.equal(rig.engine.connectionCount, 0);
    });

    test("an idle connection ends after its time, on both sides", async () => {
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      const { client, server } = await pair(rig, backend, { idleTimeout: 50 });
      using _client = client;
      assert.equal(await client.closed, "RST");
      assert.equal(await server.closed, "RST");
      const record = await rig.record();
      assert.deepEqual([record.closedBy, record.closedHow, record.reason], ["gateway", "timeout", "idle_timeout"]);
      assert.ok(record.duration >= 50);
    });

    test("bytes either way keep a connection from being idle", async () => {
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      const { client, server } = await pair(rig, backend, { idleTimeout: 300 });
      using _client = client;
      const interval = setInterval(() => server.send("tick"), 20);
      await client.bytes(4 * 40);
      clearInterval(interval);
      assert.ok((await rig.record()).duration >= 800);
    });

    test("a connection ends at its maximum duration", async () => {
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      const { client } = await pair(rig, backend, { maxConnectionDuration: 50 });
      using _client = client;
      assert.equal(await client.closed, "RST");
      assert.equal((await rig.record()).reason, "max_connection_duration");
    });

    test("many connections at once, each with its own bytes", async () => {
      await using backend = await Backend.named("");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
      await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          using client = await rig.connect(1);
          const text = `${index}:`.repeat(1000);
          client.send(text);
          client.end();
          assert.equal((await client.untilEnd()).toString(), `\n${text}`);
        }),
      );
      await rig.engine.idle();
      assert.equal(rig.closed.length, 100);
      assert.equal(rig.engine.connectionCount, 0);
    });

    test("an orderless crowd of clients leaves no connection and no count behind", async () => {
      await using backend = await Backend.named("hello");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
      await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          using client = await rig.connect(1);
          if (index % 2 === 0) await client.text("hello");
          if (index % 3 === 0) client.send(Buffer.alloc(index * 500));
          if (index % 5 === 0) client.reset();
          else if (index % 7 === 0) client.end();
        }),
      );
      await rig.record(200);
      await rig.engine.idle();
      const cluster = rig.closed[0]?.cluster?.name ?? "";
      assert.equal(rig.engine.active(cluster), 0);
      assert.equal(rig.engine.active(cluster, backend.endpoint), 0);
    });
  });
}
