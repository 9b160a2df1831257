import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Backend } from "../../support/backend.ts";
import { Rig, engines } from "../../support/engines.ts";
import { snapshotOf, type Declared } from "../../support/snapshot.ts";

for (const { name, create } of engines) {
  describe(`engine ${name}: zones`, () => {
    test("endpoints that are meant for the gateway's zone are preferred, as soon as the zone is known", async () => {
      await using near = await Backend.named("near");
      await using far = await Backend.named("far");
      await using rig = new Rig(create);
      const endpoints = [
        { ...near.endpoint, zoneHints: ["a"] },
        { ...far.endpoint, zoneHints: ["b"] },
      ];
      const declared: Declared[] = [
        { port: 1, rules: [{ to: [{ subset: "v1", endpoints, policy: { loadBalancer: "ROUND_ROBIN" } }] }] },
      ];
      const visit = async (): Promise<string> => {
        using client = await rig.connect(1);
        return (await client.text("\n")).trim();
      };
      const snapshot = snapshotOf(1, declared);
      await rig.engine.apply(snapshot);
      assert.deepEqual(new Set([await visit(), await visit()]), new Set(["near", "far"]));
      await rig.engine.apply({ ...snapshot, version: 2, locality: { region: undefined, zone: "a" } });
      for (let index = 0; index < 6; index++) assert.equal(await visit(), "near");
      // Nobody is left in the zone.
      const others = snapshotOf(3, [{ port: 1, rules: [{ to: [{ subset: "v1", endpoints: endpoints.slice(1) }] }] }]);
      await rig.engine.apply({ ...others, locality: { region: undefined, zone: "a" } });
      assert.equal(await visit(), "far");
    });
  });
}
