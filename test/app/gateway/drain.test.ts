import assert from "node:assert/strict";
import { test } from "node:test";
import { pino } from "pino";
import { NetEngine } from "../../../app/gateway/engine/net/engine.ts";
import { Gateway } from "../../../app/gateway/gateway.ts";
import { Backend } from "../support/backend.ts";
import { Client } from "../support/client.ts";
import { FakeClock } from "../support/clock.ts";
import { snapshotOf } from "../support/snapshot.ts";

const noLog = { write: () => undefined, flush: () => undefined, dropped: 0 };

class DrainRig implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly gateway: Gateway;
  readonly lines: string[] = [];

  constructor(grace: number, limit: number) {
    this.gateway = new Gateway({
      createEngine: (observer) => new NetEngine({ observer, clock: this.clock }),
      accessLog: noLog,
      logger: pino(
        { level: "info" },
        { write: (line: string) => void this.lines.push((JSON.parse(line) as { msg: string }).msg) },
      ),
      drain: { grace, limit },
      clock: this.clock,
    });
  }

  async serve(backend: Backend): Promise<number> {
    await this.gateway.apply(
      snapshotOf(1, [{ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] }]),
      "files",
      [],
    );
    const [status] = this.gateway.engine.listeners();
    assert.equal(status?.state, "open");
    return status.boundPort;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.gateway.destroy();
  }
}

test("ready once every listener is open, and not before", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new DrainRig(0, 0);
  assert.equal(rig.gateway.ready, false);
  await rig.serve(backend);
  assert.equal(rig.gateway.ready, true);
});

test("a drain fails readiness at once, serves new connections for the grace, then the established ones to their end", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new DrainRig(5000, 45_000);
  const port = await rig.serve(backend);
  const over = rig.gateway.drain();
  assert.equal(rig.gateway.drain(), over);
  assert.equal(rig.gateway.ready, false);
  assert.equal(rig.gateway.phase, "grace");
  using client = await Client.open(port);
  await client.text("v1");

  rig.clock.advance(5000);
  await new Promise(setImmediate);
  assert.equal(rig.gateway.phase, "draining");
  await assert.rejects(
    Client.open(port).then((refused) => refused.untilEnd()),
    /ECONNREFUSED/,
  );
  client.send("still served");
  await client.text("still served");
  rig.clock.advance(10_000);
  assert.equal(rig.lines.filter((line) => line === "Draining: connections are left").length, 2);
  client.end();
  await client.untilEnd();
  await over;
  assert.equal(rig.gateway.phase, "stopped");
  assert.equal(rig.clock.pending, 0);
});

test("at the end of the drain time what is left is aborted", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new DrainRig(0, 1000);
  using client = await Client.open(await rig.serve(backend));
  await client.text("v1");
  const over = rig.gateway.drain();
  await new Promise(setImmediate);
  rig.clock.advance(1000);
  await over;
  assert.equal(await client.closed, "RST");
  assert.equal(rig.gateway.recent.at(-1)?.closedHow, "drain");
});
