import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { responseFlags } from "../../../../app/gateway/engine/record.ts";
import type { Reading } from "../../../../app/gateway/limits/readings.ts";
import { Backend } from "../../support/backend.ts";
import { Rig, engines } from "../../support/engines.ts";

for (const { name, create } of engines) {
  describe(`engine ${name}: too little for more connections`, () => {
    test("as many as file descriptors allow pass, the next is refused at once, and passes when one has ended", async () => {
      await using backend = await Backend.named("v1");
      const readings = { fileDescriptors: () => ({ used: 0, limit: 5 }), memory: () => undefined };
      await using rig = new Rig((observer) => create(observer, { readings }));
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
      using first = await rig.connect(1);
      using second = await rig.connect(1);
      await Promise.all([first.text("v1"), second.text("v1")]);
      using refused = await rig.connect(1);
      assert.equal(await refused.closed, "RST");
      const record = await rig.record();
      assert.deepEqual([record.reason, responseFlags[record.reason]], ["overload", "OM"]);
      first.end();
      await first.untilEnd();
      await rig.record(2);
      using third = await rig.connect(1);
      await third.text("v1");
    });

    test("while memory is short new connections are refused, and those that stand go on", async () => {
      await using backend = await Backend.named("v1");
      let memory: Reading = { used: 10, limit: 100 };
      const readings = { fileDescriptors: () => undefined, memory: () => memory };
      await using rig = new Rig((observer) => create(observer, { readings }));
      await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
      using standing = await rig.connect(1);
      await standing.text("v1");
      memory = { used: 96, limit: 100 };
      await rig.until(() => rig.overload.length === 1);
      assert.deepEqual(rig.overload[0], { resource: "memory", shedding: true, used: 96, limit: 100 });
      using refused = await rig.connect(1);
      assert.equal(await refused.closed, "RST");
      assert.equal((await rig.record()).reason, "overload");
      standing.send("still here");
      await standing.text("still here");
      memory = { used: 50, limit: 100 };
      await rig.until(() => rig.overload.length === 2);
      using young = await rig.connect(1);
      await young.text("v1");
    });
  });
}
