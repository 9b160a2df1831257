import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Worker } from "node:worker_threads";
import { NetEngine } from "../../../../app/gateway/engine/net/engine.ts";
import { WorkersEngine } from "../../../../app/gateway/engine/workers/engine.ts";
import type { Engine, EngineObserver } from "../../../../app/gateway/engine/engine.ts";
import { Backend } from "../../support/backend.ts";
import { Rig } from "../../support/engines.ts";
import type { Declared } from "../../support/snapshot.ts";

const faulty = new URL("../../support/faulty-worker.ts", import.meta.url);

/** Engines of which a piece of the program throws for connections on port 13. */
const engines: readonly { readonly name: string; create(observer: EngineObserver): Engine }[] = [
  {
    name: "net",
    create: (observer) =>
      new NetEngine({
        observer: {
          ...observer,
          connectionOpened: (connection) => {
            if (connection.listener === 13) throw new Error("Injected");
            observer.connectionOpened?.(connection);
          },
        },
      }),
  },
  {
    name: "net with two workers",
    create: (observer) =>
      new WorkersEngine({ observer, workers: 2, spawn: (_program, options) => new Worker(faulty, options) }),
  },
];

const declared = (backend: Backend): Declared[] =>
  [1, 13].map((port) => ({ port, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] }));

for (const { name, create } of engines) {
  describe(`engine ${name}: mistakes of the program`, () => {
    test("one that throws for a connection ends that one alone, is counted, and the loop goes on", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new Rig(create);
      await rig.apply(...declared(backend));
      using spared = await rig.connect(1);
      await spared.text("v1");

      for (let round = 1; round <= 5; round++) {
        using doomed = await rig.connect(13);
        assert.equal(await doomed.closed, "RST");
        const record = await rig.record(round);
        assert.deepEqual([record.reason, record.closedBy, record.listener], ["internal_error", "gateway", 13]);
        assert.match(record.detail ?? "", /Injected/);
      }
      await rig.until(() => rig.faults.length >= 5);
      assert.deepEqual(new Set(rig.faults.map(({ lost }) => lost)), new Set([undefined]));
      assert.match(rig.faults[0]?.error ?? "", /Injected[\s\S]*at /);

      spared.send("still here");
      await spared.text("still here");
      using young = await rig.connect(1);
      await young.text("v1");
      assert.equal(rig.engine.connectionCount, 2);
    });
  });
}
