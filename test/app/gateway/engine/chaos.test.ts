import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { behaviours, chaos, startChaosBackend } from "../../support/chaos.ts";
import { Rig, engines } from "../../support/engines.ts";
import { clusterName } from "../../support/snapshot.ts";
import { until } from "../../support/until.ts";

const openFiles = (): number => readdirSync("/proc/self/fd").length;

for (const { name, create } of engines) {
  test(`engine ${name}: hundreds of clients of all manners, and nothing is left of them`, async (t) => {
    const seed = Math.floor(Math.random() * 1_000_000);
    t.diagnostic(`Seed ${seed}`);
    await using backend = await startChaosBackend();
    await using rig = new Rig(create);
    await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
    const before = openFiles();
    const visits = await chaos(() => rig.connect(1), { seed, visits: 400, together: 20 });

    assert.deepEqual(
      visits.filter(({ error }) => error !== undefined),
      [],
      `with seed ${seed}`,
    );
    assert.deepEqual(new Set(visits.map(({ behaviour }) => behaviour)), new Set(Object.keys(behaviours)));
    await until("the end of all connections", () => rig.engine.connectionCount === 0);
    await rig.engine.idle();
    assert.equal(rig.engine.active(clusterName("v1")), 0);
    assert.equal(rig.engine.active(clusterName("v1"), backend.endpoint), 0);
    // Those of the upstream that it doesn't read are its own.
    await backend[Symbol.asyncDispose]();
    await until("the end of all sockets", () => openFiles() <= before);
    assert.deepEqual(
      rig.closed.filter(({ reason }) => reason === "internal_error").map(({ detail }) => detail),
      [],
    );
    assert.deepEqual(rig.connectFailures, []);
  });
}
