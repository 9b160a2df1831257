import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Backend } from "../../support/backend.ts";
import type { Client } from "../../support/client.ts";
import { Rig, engines } from "../../support/engines.ts";
import { bothWays, digest, pair, pattern } from "../../support/streams.ts";
import { until } from "../../support/until.ts";
import type { TrafficPolicy } from "../../../../routing/table.ts";

/** More than the kernel's buffers hold between two ends: one alone may grow to 32 MiB (tcp_rmem, tcp(7)). */
const data = pattern(64 * 1024 * 1024);

for (const { name, create } of engines) {
  for (const [reading, writing] of bothWays) {
    /** A reader that has stopped to read and has nothing to say, and a writer that has said all. */
    async function flushing(
      rig: Rig,
      backend: Backend,
      policy: Partial<TrafficPolicy> = {},
    ): Promise<{ reader: Client; writer: Client }> {
      const ends = await pair(rig, backend, policy);
      const [reader, writer] = [ends[reading], ends[writing]];
      reader.end();
      await writer.untilEnd();
      reader.socket.pause();
      writer.send(data);
      writer.end();
      const side = writing === "client" ? "downstreamPauses" : "upstreamPauses";
      await until("a pause", () => rig.engine.counters[side] > 0);
      return { reader, writer };
    }

    describe(`engine ${name}: what a ${writing} sent before its FIN, and a ${reading} that does not read`, () => {
      test("all of it comes once it reads, and the FIN behind it", async () => {
        await using backend = await Backend.start();
        await using rig = new Rig(create);
        const { reader, writer } = await flushing(rig, backend);
        assert.equal(rig.closed.length, 0);
        reader.socket.resume();
        assert.equal(digest(await reader.untilEnd()), digest(data));
        assert.deepEqual(await Promise.all([reader.closed, writer.closed]), ["FIN", "FIN"]);
        const record = await rig.record();
        assert.equal(record.reason, "finished");
        assert.equal(writing === "client" ? record.bytesReceived : record.bytesSent, data.length);
      });

      for (const [policy, reason] of [
        [{ idleTimeout: 200 }, "idle_timeout"],
        [{ maxConnectionDuration: 200 }, "max_connection_duration"],
      ] as const) {
        test(`${reason} ends it, and a cut stream is never a whole one`, async () => {
          await using backend = await Backend.start();
          await using rig = new Rig(create);
          const { reader, writer } = await flushing(rig, backend, policy);
          assert.equal((await rig.record()).reason, reason);
          assert.equal(rig.engine.connectionCount, 0);
          reader.socket.resume();
          assert.deepEqual(await Promise.all([reader.closed, writer.closed]), ["RST", "RST"]);
          assert.ok(reader.receivedLength < data.length);
        });
      }

      test("the gateway's end cuts it", async () => {
        await using backend = await Backend.start();
        await using rig = new Rig(create);
        const { reader, writer } = await flushing(rig, backend);
        await rig.engine.destroy();
        assert.equal((await rig.record()).reason, "drain");
        reader.socket.resume();
        assert.deepEqual(await Promise.all([reader.closed, writer.closed]), ["RST", "RST"]);
        assert.ok(reader.receivedLength < data.length);
      });

      test("a reset of the one that does not read is one for the other", async () => {
        await using backend = await Backend.start();
        await using rig = new Rig(create);
        const { reader, writer } = await flushing(rig, backend);
        reader.reset();
        assert.equal(await writer.closed, "RST");
        await rig.engine.idle();
        assert.match((await rig.record()).reason, /_reset$/);
      });
    });
  }
}
