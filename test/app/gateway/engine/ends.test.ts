import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Backend } from "../../support/backend.ts";
import type { Client } from "../../support/client.ts";
import { Rig, engines } from "../../support/engines.ts";
import { silentEndpoint } from "../../support/silent.ts";
import { bothWays, digest, pair, pattern } from "../../support/streams.ts";
import { until } from "../../support/until.ts";

/** Closes both directions at once, behind what was sent, as a program does that has ended. */
function leave(end: Client): void {
  end.socket.destroySoon();
}

for (const { name, create } of engines) {
  describe(`engine ${name}: ends that are gone, slow or silent`, () => {
    for (const [first, second] of bothWays) {
      test(`what a ${first} sent before it was gone is all delivered, and who goes on writing to it is reset`, async () => {
        await using backend = await Backend.start();
        await using rig = new Rig(create);
        const ends = await pair(rig, backend);
        using _client = ends.client;
        const [gone, left] = [ends[first], ends[second]];
        const data = pattern(3 * 1024 * 1024);
        gone.send(data);
        leave(gone);
        assert.equal(digest(await left.untilEnd()), digest(data));
        // The first write is answered with a reset that only the next one tells of, as nobody reads behind a FIN.
        while (!left.socket.destroyed) {
          left.send("is anybody there");
          await nextTurn();
        }
        assert.equal(await left.closed, "RST");
        const record = await rig.record();
        const side = first === "client" ? "downstream" : "upstream";
        assert.deepEqual([record.closedBy, record.closedHow, record.reason], [side, "FIN", `${side}_reset`]);
      });

      test(`a ${first} that sends byte by byte is heard byte by byte`, async () => {
        await using backend = await Backend.start();
        await using rig = new Rig(create);
        const ends = await pair(rig, backend);
        using _client = ends.client;
        const data = pattern(500);
        for (let index = 0; index < data.length; index++) {
          ends[first].send(data.subarray(index, index + 1));
          await ends[second].bytes(index + 1);
        }
        assert.deepEqual(ends[second].received, data);
      });
    }

    test("both ends reset at the same time", async () => {
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      const { client, server } = await pair(rig, backend);
      client.send("x");
      await server.text("x");
      client.reset();
      server.reset();
      assert.match((await rig.record()).reason, /_reset$/);
      assert.equal(rig.engine.connectionCount, 0);
    });

    test("both ends close at the same time", async () => {
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      const { client, server } = await pair(rig, backend);
      client.end();
      server.end();
      assert.deepEqual(await Promise.all([client.closed, server.closed]), ["FIN", "FIN"]);
      assert.equal((await rig.record()).reason, "finished");
    });

    test("a client that never speaks holds nobody up", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
      using silent = await rig.connect(1);
      await silent.text("v1");
      for (let round = 0; round < 20; round++) {
        using client = await rig.connect(1);
        client.send("hello");
        client.end();
        assert.equal((await client.untilEnd()).toString(), "v1\nhello");
      }
      await rig.record(20);
      await until("the end of all but one", () => rig.engine.connectionCount === 1);
    });

    test("clients that are gone before anyone took them leave nothing", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
      const port = rig.bound(1);
      await Promise.all(
        Array.from({ length: 100 }, async (_, index) => {
          const socket = connect(port, "127.0.0.1").on("error", () => undefined);
          await once(socket, "connect");
          if (index % 2 === 0) socket.resetAndDestroy();
          else socket.destroy();
        }),
      );
      using client = await rig.connect(1);
      await client.text("v1");
      client.end();
      await client.untilEnd();
      await until("the end of all", () => rig.engine.connectionCount === 0);
      const cluster = rig.closed.at(-1)?.cluster?.name ?? "";
      assert.equal(rig.engine.active(cluster), 0);
    });
  });

  describe(`engine ${name}: clients that do not wait for their upstream`, () => {
    /** An endpoint that takes 200 ms to be given up, and then one that answers. */
    async function slowly(
      rig: Rig,
      backend: Backend,
      silent: Awaited<ReturnType<typeof silentEndpoint>>,
    ): Promise<void> {
      const policy = { connectTimeout: 200, loadBalancer: "ROUND_ROBIN" } as const;
      const endpoints = [silent, backend.endpoint];
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints, policy }] }] });
    }

    for (const [what, size] of [
      ["a few bytes", 10],
      ["more than is held for it", 4 * 1024 * 1024],
    ] as const) {
      test(`${what} that come early, and a FIN behind them, are delivered once it stands`, async () => {
        await using silent = await silentEndpoint();
        await using backend = await Backend.start();
        await using rig = new Rig(create);
        await slowly(rig, backend, silent);
        using client = await rig.connect(1);
        const data = pattern(size);
        client.send(data);
        client.end();
        const server = await backend.next();
        assert.equal(digest(await server.untilEnd()), digest(data));
        server.send("answer");
        server.end();
        assert.equal((await client.untilEnd()).toString(), "answer");
        const record = await rig.record();
        assert.deepEqual([record.reason, record.attempts, record.bytesReceived], ["finished", 2, size]);
      });
    }

    test("a FIN with nothing before it is passed on", async () => {
      await using silent = await silentEndpoint();
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      await slowly(rig, backend, silent);
      using client = await rig.connect(1);
      client.end();
      const server = await backend.next();
      assert.equal((await server.untilEnd()).length, 0);
      server.end();
      await client.untilEnd();
      assert.equal((await rig.record()).reason, "finished");
    });

    test("who resets meanwhile is not connected any further", async () => {
      await using silent = await silentEndpoint();
      await using backend = await Backend.start();
      await using rig = new Rig(create);
      await slowly(rig, backend, silent);
      const client = await rig.connect(1);
      client.send("never mind");
      await until("the connection", () => rig.engine.connectionCount === 1);
      client.reset();
      const record = await rig.record();
      assert.deepEqual([record.reason, record.closedBy, record.attempts], ["downstream_reset", "downstream", 1]);
      assert.equal(backend.count, 0);
      assert.equal(rig.engine.active(record.cluster?.name ?? "", silent), 0);
    });
  });
}
