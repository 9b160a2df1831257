import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadCalls } from "../../../../../app/gateway/native/calls.ts";
import { Backend } from "../../../support/backend.ts";
import type { Client } from "../../../support/client.ts";
import { bothWays, digest, pattern } from "../../../support/streams.ts";
import { until } from "../../../support/until.ts";
import { LoopRig } from "./rig.ts";

/** A connection through the loop: its client, and the endpoint's end. */
async function open(rig: LoopRig, backend: Backend): Promise<{ client: Client; server: Client }> {
  await rig.listen({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
  const client = await rig.connect(1);
  return { client, server: await backend.next() };
}

/** What libuv cannot see, as it does not watch a socket that it does not read: epoll tells of errors whatever is waited for. */
describe("ends that nobody reads", { skip: loadCalls() === undefined && "This machine has no epoll" }, () => {
  for (const [writing, reading] of bothWays) {
    const side = writing === "client" ? "downstream" : "upstream";

    test(`a ${writing} that resets while it is held back is noticed at once, though nobody reads it`, async () => {
      await using backend = await Backend.start();
      using rig = new LoopRig();
      const ends = await open(rig, backend);
      using _client = ends.client;
      ends[reading].socket.pause();
      ends[writing].send(pattern(64 * 1024 * 1024));
      await until("a pause", () => rig.pauses[side] > 0);
      ends[writing].reset();
      await until("the end", () => rig.closed.length === 1);
      assert.deepEqual([rig.closed[0]?.reason, rig.closed[0]?.detail], [`${side}_reset`, "read ECONNRESET"]);
      ends[reading].socket.resume();
      assert.equal(await ends[reading].closed, "RST");
    });

    test(`a ${writing} that has sent FIN and is then gone is noticed by the first byte that it does not take`, async () => {
      await using backend = await Backend.start();
      using rig = new LoopRig();
      const ends = await open(rig, backend);
      using _client = ends.client;
      ends[writing].socket.destroySoon();
      await ends[reading].untilEnd();
      ends[reading].send("is anybody there");
      await until("the end", () => rig.closed.length === 1);
      assert.deepEqual([rig.closed[0]?.reason, rig.closed[0]?.detail], [`${side}_reset`, "write EPIPE"]);
    });
  }

  test("bulk that goes through pipes comes whole, both ways at once, and the pipes are closed behind it", async () => {
    await using backend = await Backend.start();
    using rig = new LoopRig();
    const { client, server } = await open(rig, backend);
    using _client = client;
    const data = pattern(24 * 1024 * 1024);
    client.send(data);
    server.send(data);
    client.end();
    server.end();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, rig.pipes)));
    const [up, down] = await Promise.all([server.untilEnd(), client.untilEnd()]);
    clearInterval(watch);
    assert.deepEqual([digest(up), digest(down)], [digest(data), digest(data)]);
    await until("the end", () => rig.closed.length === 1);
    assert.equal(rig.closed[0]?.reason, "finished");
    assert.ok(most >= 1, "No pipe was used");
    assert.equal(rig.pipes, 0);
  });
});
