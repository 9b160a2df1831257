import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { Backend } from "../../support/backend.ts";
import { Client } from "../../support/client.ts";
import { Rig, engines } from "../../support/engines.ts";
import { silentEndpoint } from "../../support/silent.ts";
import type { Declared } from "../../support/snapshot.ts";

const to = (backend: Backend, subset = "v1"): Declared["rules"] => [
  { to: [{ subset, endpoints: [backend.endpoint] }] },
];

for (const { name, create } of engines) {
  describe(`engine ${name}: what a change of configuration does`, () => {
    test("new connections follow, an established one stays", async () => {
      await using v1 = await Backend.named("v1");
      await using v2 = await Backend.named("v2");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: to(v1) });
      const port = rig.bound(1);
      using old = await rig.connect(1);
      await old.text("v1");
      await rig.apply({ port: 1, rules: to(v2, "v2") });
      assert.equal(rig.bound(1), port);
      using young = await rig.connect(1);
      await young.text("v2");
      old.send("still v1");
      await old.text("still v1");
    });

    test("a removed listener refuses, and its connections live on", async () => {
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: to(v1) });
      const port = rig.bound(1);
      using old = await rig.connect(1);
      await old.text("v1");
      await rig.apply();
      assert.deepEqual(rig.engine.listeners(), []);
      await assert.rejects(
        Client.open(port).then((client) => client.untilEnd()),
        /ECONNREFUSED/,
      );
      old.send("still here");
      await old.text("still here");
      assert.equal(rig.engine.connectionCount, 1);
    });

    test("an endpoint that goes keeps its connections", async () => {
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: to(v1) });
      using old = await rig.connect(1);
      await old.text("v1");
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [] }] }] });
      using young = await rig.connect(1);
      assert.equal(await young.closed, "RST");
      old.send("still here");
      await old.text("still here");
    });

    test("an address that is taken is told, and bound as soon as it is free", async () => {
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      const holder = createServer().listen(0, "127.0.0.1");
      await once(holder, "listening");
      const { port } = holder.address() as AddressInfo;
      await rig.apply({ port, bindPort: port, rules: to(v1) }, { port: 2, rules: to(v1) });
      const [taken, other] = rig.engine.listeners();
      assert.equal(taken?.state, "failed");
      assert.match(taken.error, new RegExp(`Cannot listen on 127.0.0.1:${port} as another program holds the port`));
      assert.equal(other?.state, "open");
      const bound = rig.untilListener((status) => status.listener.port === port && status.state === "open");
      holder.close();
      await bound;
      using client = await rig.connect(port);
      await client.text("v1");
    });

    test("stopListening refuses new connections and serves the others to their end", async () => {
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: to(v1) });
      const port = rig.bound(1);
      using old = await rig.connect(1);
      await old.text("v1");
      await rig.engine.stopListening();
      await assert.rejects(
        Client.open(port).then((client) => client.untilEnd()),
        /ECONNREFUSED/,
      );
      old.send("last words");
      await old.text("last words");
      old.end();
      await old.untilEnd();
      await rig.engine.idle();
    });

    test("what waits in the queue when listening stops is served", async () => {
      await using v1 = await Backend.named("v1");
      await using rig = new Rig(create);
      await rig.apply({ port: 1, rules: to(v1) });
      const clients = Array.from({ length: 20 }, () => rig.connect(1));
      // Node begins to connect in the next tick.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      const stopped = rig.engine.stopListening();
      for (const opening of clients) {
        using client = await opening;
        await client.text("v1");
      }
      await stopped;
    });

    test("destroy aborts what is open and says so", async () => {
      await using v1 = await Backend.named("v1");
      const rig = new Rig(create);
      await rig.apply({ port: 1, rules: to(v1) });
      using client = await rig.connect(1);
      await client.text("v1");
      await rig.engine.destroy();
      assert.equal(await client.closed, "RST");
      const record = await rig.record();
      assert.deepEqual([record.closedBy, record.closedHow, record.reason], ["gateway", "drain", "drain"]);
    });

    test("a connection that is being connected can be aborted", async () => {
      await using rig = new Rig(create);
      await using silent = await silentEndpoint();
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [silent] }] }] });
      using client = await rig.connect(1);
      while (rig.engine.connectionCount === 0) await new Promise(setImmediate);
      await rig.engine.destroy();
      assert.equal(await client.closed, "RST");
      assert.equal(rig.engine.connectionCount, 0);
    });
  });
}
