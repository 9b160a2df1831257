import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, test, type TestContext } from "node:test";
import fc from "fast-check";
import { loadCalls } from "../../../../../app/gateway/native/calls.ts";
import { Backend } from "../../../support/backend.ts";
import { chaos, startChaosBackend } from "../../../support/chaos.ts";
import { Random } from "../../../support/random.ts";
import { clusterName } from "../../../support/snapshot.ts";
import { digest, pattern } from "../../../support/streams.ts";
import { until } from "../../../support/until.ts";
import { deadly, FaultyCalls, harmless, type Faults } from "./faulty-calls.ts";
import { LoopRig } from "./rig.ts";

const openFiles = (): number => readdirSync("/proc/self/fd").length;

/** Clients and endpoints of all manners while calls fail: nothing of them may be left, and each connection has its one record. */
async function survive(t: TestContext, rate: number, ...faults: Faults[]): Promise<FaultyCalls> {
  const seed = Math.floor(Math.random() * 1_000_000);
  t.diagnostic(`Seed ${seed}`);
  const native = new FaultyCalls(new Random(seed), ...faults);
  const before = openFiles();
  {
    await using backend = await startChaosBackend();
    using rig = new LoopRig(native);
    await rig.listen({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
    native.rate = rate;
    const visits = await chaos(() => rig.connect(1), { seed, visits: 150, together: 15 });
    native.rate = 0;
    await until("the end of all connections", () => rig.closed.length === rig.accepted.length && rig.held === 0);

    const wrong = visits.filter(({ error }) => error !== undefined);
    if (!faults.includes(deadly)) assert.deepEqual(wrong, [], `with seed ${seed}`);
    // A stream that was cut is never taken for a whole one.
    assert.deepEqual(
      wrong.filter(({ error }) => /bytes came back/.test(error?.message ?? "")),
      [],
      `with seed ${seed}`,
    );
    assert.ok(rig.closed.length > 0 && rig.closed.length <= visits.length);
    assert.equal(new Set(rig.closed.map(({ id }) => id)).size, rig.closed.length);
    assert.deepEqual(rig.failures, []);
    assert.equal(rig.pod.active(clusterName("v1")), 0);
    assert.equal(rig.pod.active(clusterName("v1"), backend.endpoint), 0);
  }
  await until("the end of all sockets", () => openFiles() <= before);
  return native;
}

describe("calls that fail", { skip: loadCalls() === undefined && "This machine has no epoll" }, () => {
  for (const rate of [0.02, 0.3]) {
    test(`short reads and writes, EAGAIN, interruptions and shortages at ${rate * 100}% of all places cost time alone`, async (t) => {
      const { injected } = await survive(t, rate, harmless);
      for (const call of ["recv", "send"] as const) assert.ok(injected.has(call), call);
    });
  }

  test("connections that break at any place leave nothing behind", async (t) => {
    const { injected } = await survive(t, 0.05, harmless, deadly);
    for (const call of ["recv", "send"] as const) assert.ok(injected.has(call), call);
  });

  test("whatever is sent in whatever pieces arrives whole, wherever calls fail", async () => {
    await using backend = await Backend.start();
    const pieces = fc.array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 600_000 })), {
      maxLength: 6,
    });
    const rates = fc.constantFrom(0.01, 0.1, 0.5);
    const arrives = async (seed: number, rate: number, up: number[], down: number[]): Promise<void> => {
      const native = new FaultyCalls(new Random(seed), harmless);
      using rig = new LoopRig(native);
      await rig.listen({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
      native.rate = rate;
      using client = await rig.connect(1);
      using server = await backend.next();
      const sent = [up, down].map((sizes) => Buffer.concat(sizes.map(pattern)));
      for (const size of up) client.send(pattern(size));
      for (const size of down) server.send(pattern(size));
      client.end();
      server.end();
      const got = await Promise.all([server.untilEnd(), client.untilEnd()]);
      assert.deepEqual(got.map(digest), sent.map(digest));
      await until("the record", () => rig.closed.length === 1 && rig.held === 0);
      assert.equal(rig.closed[0]?.reason, "finished");
    };
    await fc.assert(fc.asyncProperty(fc.nat(), rates, pieces, pieces, arrives), { numRuns: 40 });
  });

  for (const [error, call] of [
    ["EMFILE", "socket"],
    ["EADDRNOTAVAIL", "connect"],
  ] as const) {
    test(`${error} of ${call} is an endpoint that could not be reached`, async () => {
      await using backend = await Backend.named("v1");
      const native = new FaultyCalls(new Random(1), { [call]: [error] });
      using rig = new LoopRig(native);
      await rig.listen({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
      native.rate = 1;
      using client = await rig.connect(1);
      assert.equal(await client.closed, "RST");
      const [record] = rig.closed;
      assert.deepEqual([record?.reason, record?.attempts], ["upstream_connect_failure", 1]);
      assert.equal(record?.detail, `connect ${error} 127.0.0.1:${backend.port}`);
      assert.deepEqual(rig.connectFailures, [record?.detail]);
    });
  }

  test("a listener whose socket others keep open is waited for no more, and can come back", async () => {
    await using backend = await Backend.named("v1");
    using rig = new LoopRig();
    // The descriptor that is shared next has the number of the one before.
    await rig.comeAndGo({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] }, 3);
    assert.deepEqual(rig.failures, []);
  });

  test("a listener that cannot be accepted from says so once, and takes who waited when it can", async () => {
    await using backend = await Backend.named("v1");
    const native = new FaultyCalls(new Random(1), { accept4: ["EMFILE"] });
    using rig = new LoopRig(native);
    await rig.listen({ port: 1, rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint] }] }] });
    native.rate = 1;
    using client = await rig.connect(1);
    await until("a second try", () => (native.injected.get("accept4") ?? 0) >= 2);
    assert.deepEqual(rig.acceptFailures, ["accept EMFILE"]);
    native.rate = 0;
    assert.equal(await client.text("v1"), "v1\n");
  });
});
