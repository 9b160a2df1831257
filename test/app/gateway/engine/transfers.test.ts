import assert from "node:assert/strict";
import { test } from "node:test";
import { Backend } from "../../support/backend.ts";
import { engines, Rig } from "../../support/engines.ts";

for (const { name, create } of engines) {
  test(`${name}: each byte is told once, while its connection is open or at its end`, async () => {
    await using backend = await Backend.named("v1");
    await using rig = new Rig((observer) => create(observer));
    await rig.apply({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
    const greeting = "v1\n".length;
    const client = await rig.connect(1);
    client.send("hello");
    await client.text("hello");
    const [transfer, ...others] = await rig.engine.transfers();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [transfer?.received, transfer?.sent, transfer?.endpoint?.pod],
      [5, 5 + greeting, backend.endpoint.pod],
    );
    assert.deepEqual(await rig.engine.transfers(), []);
    const workers = rig.engine.workers();
    assert.equal(
      workers.reduce((sum, { connections }) => sum + connections, 0),
      1,
    );
    assert.ok(workers.every(({ active }) => active >= 0));
    client.send("you");
    await client.text("you");
    client.end();
    await client.untilEnd();
    const record = await rig.record();
    assert.deepEqual(record.uncounted, { received: 3, sent: 3 });
    assert.deepEqual([record.route?.weight, record.route?.totalWeight], [1, 1]);
    assert.ok(record.prefaceDuration !== undefined && record.connectDuration !== undefined);
    assert.deepEqual(await rig.engine.transfers(), []);
  });
}
