import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Control } from "../../../local/cluster/control.ts";

let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), "control-"))));
after(() => rm(folder, { recursive: true }));

/** A stand-in for cluster-node: what it does with each client is up to the test. */
async function listen(name: string, serve: (client: Socket) => void): Promise<Server & AsyncDisposable> {
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    serve(client);
  }).listen(join(folder, name));
  await once(server, "listening");
  return server;
}

const line = (type: string, more: object = {}) => `${JSON.stringify({ type, message: type, seconds: 0, ...more })}\n`;

suite("control connection", () => {
  test("nobody listens: undefined", async () => {
    assert.equal(await Control.open(join(folder, "missing")), undefined);
  });

  test("events come in order, also when a packet ends within one", async () => {
    const text = line("started", { pid: 7, state: "/state" }) + line("step") + line("ready");
    await using _server = await listen("split", (client) => {
      client.write(text.slice(0, 50));
      setImmediate(() => client.write(text.slice(50)));
    });
    using control = await Control.open(join(folder, "split"));
    assert.ok(control);
    assert.equal(control.started.state, "/state");
    const seen: string[] = [];
    const found = await control.first(["ready", "failed"], ({ type }) => void seen.push(type));
    assert.equal(found?.type, "ready");
    assert.deepEqual(seen, ["step", "ready"]);
  });

  test("a cluster that is killed ends the events", async () => {
    await using _server = await listen("killed", (client) => {
      client.write(line("started"));
      setImmediate(() => client.destroy());
    });
    using control = await Control.open(join(folder, "killed"));
    assert.equal(await control?.first(["ready"]), undefined);
  });

  test("stop is one line, and the end says that it is done", async () => {
    await using _server = await listen("stop", (client) => {
      client.write(line("started"));
      client.once("data", (data) => client.end(data.toString() === "stop\n" ? line("stopping") : line("failed")));
    });
    using control = await Control.open(join(folder, "stop"));
    control?.stop();
    assert.equal((await control?.next())?.type, "stopping");
    assert.equal(await control?.next(), undefined);
  });
});
