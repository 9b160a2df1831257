import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Backend } from "../../support/backend.ts";
import type { Client } from "../../support/client.ts";
import { Rig, engines } from "../../support/engines.ts";
import { Random } from "../../support/random.ts";
import type { Declared, Target } from "../../support/snapshot.ts";
import { until } from "../../support/until.ts";

const CHANGES = 1000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes of objects that are in use: of this thread alone, where an engine has others. */
function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const openFiles = (): number => readdirSync("/proc/self/fd").length;

/** Other routes, weights, endpoints, limits, policies, listeners and addresses than before; port 1 is always there. */
function anyConfiguration(random: Random, backends: readonly [Backend, ...Backend[]]): Declared[] {
  const subsets = ["v1", "v2", "v3"].slice(0, 1 + random.below(3));
  const targets = subsets.map((subset): Target => ({
    subset,
    weight: 1 + random.below(10),
    endpoints: Array.from({ length: 1 + random.below(3) }, () => random.pick(backends).endpoint).filter(
      (endpoint, index, all) => all.findIndex(({ port }) => port === endpoint.port) === index,
    ),
    policy: {
      maxConnections: random.below(2) === 0 ? undefined : 100 + random.below(100),
      maxConnectionsPerEndpoint: random.below(2) === 0 ? undefined : 100 + random.below(100),
      loadBalancer: random.pick(["LEAST_REQUEST", "ROUND_ROBIN", "RANDOM"]),
      idleTimeout: random.pick([0, 60_000, 3_600_000]),
    },
  }));
  const rule = { to: targets };
  const declared: Declared[] = [{ port: 1, rules: [rule] }];
  for (const port of [2, 3, 4]) {
    if (random.below(2) === 0) continue;
    const narrow = { sourceSubnets: [`10.${random.below(256)}.0.0/16`], to: targets.slice(0, 1) };
    declared.push({ port, bind: random.pick(["127.0.0.1", "127.0.0.2"]), rules: [narrow, rule] });
  }
  return declared;
}

for (const { name, create } of engines) {
  test(`engine ${name}: a thousand changes of every kind touch no established connection and leave nothing`, async () => {
    await using one = await Backend.named("");
    await using two = await Backend.named("");
    await using three = await Backend.named("");
    const random = new Random(6);
    await using rig = new Rig(create);
    await rig.apply(...anyConfiguration(random, [one, two, three]));
    const port = rig.bound(1);
    const before = openFiles();

    /** Clients of before, with all that they have sent. */
    const old = await Promise.all(
      Array.from({ length: 8 }, async (): Promise<{ client: Client; sent: Buffer[] }> => ({
        client: await rig.connect(1),
        sent: [Buffer.from("\n")],
      })),
    );
    await rig.untilOpened(old.length);
    const ports = old.map(({ client }) => client.socket.localPort);
    let memory = 0;
    let visits = 0;
    for (let change = 0; change < CHANGES; change++) {
      // What is allocated at first, and once, is no leak.
      if (change === CHANGES / 2) memory = heap();
      await rig.apply(...anyConfiguration(random, [one, two, three]));
      for (const { client, sent } of old) {
        const data = random.bytes(random.below(8192));
        client.send(data);
        sent.push(data);
      }
      if (change % 10 === 0) {
        using young = await rig.connect(1);
        young.send("new");
        young.end();
        assert.equal((await young.untilEnd()).toString(), "\nnew");
        visits++;
      }
    }
    assert.equal(rig.bound(1), port);
    for (const { client, sent } of old) {
      client.end();
      assert.ok((await client.untilEnd()).equals(Buffer.concat(sent)));
    }

    await rig.record(old.length + visits);
    await rig.engine.idle();
    assert.deepEqual(new Set(rig.closed.map(({ reason }) => reason)), new Set(["finished"]));
    for (const record of rig.closed.filter(({ downstream }) => ports.includes(downstream.port))) {
      assert.equal(record.configVersion, 1);
    }
    for (const { cluster, endpoint } of rig.closed) {
      assert.equal(rig.engine.active(cluster?.name ?? "", endpoint), 0);
    }
    await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [one.endpoint] }] }] });
    // Sockets of listeners that went are closed a turn of the event loop later.
    await until("the end of what went", () => openFiles() <= before);
    const growth = heap() - memory;
    // The test's own notes of what was sent and received are part of it; a plan is some kibibytes.
    assert.ok(growth < (CHANGES / 2) * 8192, `${growth} bytes more after ${CHANGES / 2} changes`);
  });
}
