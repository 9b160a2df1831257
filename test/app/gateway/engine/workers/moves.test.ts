import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Worker } from "node:worker_threads";
import { WorkersEngine } from "../../../../../app/gateway/engine/workers/engine.ts";
import { Backend } from "../../../support/backend.ts";
import { Authority } from "../../../support/certificates.ts";
import { Rig } from "../../../support/engines.ts";
import { clientTls, clusterName, type Declared, type Target } from "../../../support/snapshot.ts";
import { TlsBackend } from "../../../support/tls-backend.ts";

const authority = await Authority.create();
const issued = await authority.issue("upstream.example");

/** One worker of each kind: 0 is epoll's, 1 is on Node's sockets. */
async function start(threads: Worker[] = []): Promise<Rig> {
  const rig = new Rig(
    (observer) =>
      new WorkersEngine({
        observer,
        engine: "epoll",
        workers: 1,
        spawn: (program, options) => {
          const thread = new Worker(program, options);
          threads.push(thread);
          return thread;
        },
      }),
  );
  await rig.engine.setCredentials(new Map([["Secret upstream trust", { ca: authority.certificate }]]));
  return rig;
}

const listener = (port: number, ...to: Target[]): Declared => ({ port, rules: [{ to }] });

/** Connects, waits for the greeting, and ends; gives the greeting. */
async function visit(rig: Rig, port: number): Promise<string> {
  using client = await rig.connect(port);
  const greeting = await client.text("\n");
  client.end();
  await client.untilEnd();
  return greeting.trim();
}

describe("listeners of an engine with two kinds of workers", () => {
  test("Node's workers are not there before a listener needs them", async () => {
    await using plain = await Backend.named("plain");
    await using secure = await TlsBackend.start(issued, "secure");
    await using rig = await start();
    const kinds = (): string[] => rig.engine.workers().map(({ engine }) => engine);
    await rig.apply(listener(1, { subset: "v1", endpoints: [plain.endpoint] }));
    assert.deepEqual(kinds(), ["epoll"]);
    const tls: Target = { subset: "v2", endpoints: [secure.endpoint], policy: { tls: clientTls } };
    await rig.apply(listener(1, { subset: "v1", endpoints: [plain.endpoint] }), listener(2, tls));
    assert.deepEqual(kinds(), ["epoll", "net"]);
    assert.deepEqual([await visit(rig, 1), await visit(rig, 2)], ["plain", "secure"]);
    await rig.record(2);
    assert.deepEqual(rig.closed.map(({ listener, worker }) => [listener, worker]).sort(), [
      [1, 0],
      [2, 1],
    ]);
  });

  test("one that comes to need Node's sockets moves to them and back under load: nobody is lost or reset, and who is there stays", async () => {
    await using plain = await Backend.named("plain");
    await using secure = await TlsBackend.start(issued, "secure");
    await using rig = await start();
    const forms = {
      plain: listener(1, { subset: "v1", endpoints: [plain.endpoint] }),
      secure: listener(1, { subset: "v2", endpoints: [secure.endpoint], policy: { tls: clientTls } }),
    };
    await rig.apply(forms.plain);
    using early = await rig.connect(1);
    await early.text("plain");

    let over = false;
    let visits = 0;
    const visitor = async (): Promise<void> => {
      for (; !over; visits++) assert.match(await visit(rig, 1), /^(plain|secure)$/);
    };
    const visitors = Promise.all(Array.from({ length: 8 }, visitor));
    for (let round = 0; round < 6; round++) {
      const [form, worker] = round % 2 === 0 ? (["secure", 1] as const) : (["plain", 0] as const);
      await rig.apply(forms[form]);
      // From the moment at which it is applied all new ones go to the other kind of workers.
      assert.equal(await visit(rig, 1), form);
      const since = visits;
      await rig.until(() => visits >= since + 20);
      await rig.until(() => rig.closed.at(-1)?.worker === worker);
    }
    over = true;
    await visitors;

    early.send("still here");
    await early.text("still here");
    early.end();
    await early.untilEnd();
    await rig.until(() => rig.engine.connectionCount === 0);
    assert.deepEqual(new Set(rig.closed.map(({ reason }) => reason)), new Set(["finished"]));
    assert.deepEqual(rig.faults, []);
    for (const subset of ["v1", "v2"]) assert.equal(rig.engine.active(clusterName(subset)), 0);
  });

  test("an epoll worker that is ended leaves no client waiting, and its successor goes on at the same sockets", async () => {
    await using backend = await Backend.named("v1");
    const threads: Worker[] = [];
    await using rig = await start(threads);
    await rig.apply(listener(1, { subset: "v1", endpoints: [backend.endpoint] }));
    using doomed = await rig.connect(1);
    await doomed.text("v1");
    void threads[0]?.terminate();
    await doomed.untilEnd().catch(() => doomed.closed);
    await rig.until(() => rig.faults.length === 1);
    assert.deepEqual([rig.faults[0]?.worker, rig.faults[0]?.lost], [0, 1]);
    assert.equal(rig.engine.active(clusterName("v1")), 0);
    assert.equal(await visit(rig, 1), "v1");
    assert.equal(threads.length, 2);
  });
});
