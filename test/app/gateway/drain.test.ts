import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { pino } from "pino";
import type { Clock } from "../../../app/gateway/clock.ts";
import type { Engine, EngineObserver } from "../../../app/gateway/engine/engine.ts";
import { NetEngine } from "../../../app/gateway/engine/net/engine.ts";
import { WorkersEngine } from "../../../app/gateway/engine/workers/engine.ts";
import type { Spawn } from "../../../app/gateway/engine/workers/thread.ts";
import { Gateway } from "../../../app/gateway/gateway.ts";
import { Backend } from "../support/backend.ts";
import { Client } from "../support/client.ts";
import { FakeClock } from "../support/clock.ts";
import { silentLog } from "../support/silent-log.ts";
import { snapshotOf } from "../support/snapshot.ts";
import { until } from "../support/until.ts";

interface Life {
  readonly name: string;
  /** The engine, and how to have its first worker die. */
  create(observer: EngineObserver, clock: Clock): { readonly engine: Engine; killWorker?: () => Promise<unknown> };
}

const single: Life = {
  name: "net",
  create: (observer, clock) => ({ engine: new NetEngine({ observer, clock }) }),
};

const workers: Life = {
  name: "net with two workers",
  create: (observer, clock) => {
    const threads: Worker[] = [];
    const spawn: Spawn = (program, options) => {
      const thread = new Worker(program, options);
      threads.push(thread);
      return thread;
    };
    const engine = new WorkersEngine({ observer, clock, workers: 2, spawn });
    return { engine, killWorker: async () => threads[0]?.terminate() };
  },
};

interface Line {
  readonly msg: string;
  readonly connections?: number;
  readonly seconds?: number;
}

class DrainRig implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly gateway: Gateway;
  readonly #lines: Line[] = [];
  killWorker: (() => Promise<unknown>) | undefined;

  constructor({ create }: Life, grace: number, limit: number) {
    this.gateway = new Gateway({
      chosen: { name: "net", reason: undefined, crashed: false },
      createEngine: (observer) => {
        const { engine, killWorker } = create(observer, this.clock);
        this.killWorker = killWorker;
        return engine;
      },
      accessLog: silentLog,
      logger: pino({ level: "info" }, { write: (line: string) => void this.#lines.push(JSON.parse(line) as Line) }),
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

  /** The lines of progress so far. */
  get progress(): string[] {
    return this.#lines.flatMap(({ msg, connections, seconds }) =>
      seconds === undefined ? [] : `${msg.replace("Draining: ", "")}: ${connections} left, ${seconds} s`,
    );
  }

  /** Waits until nobody is listening any more. */
  async closed(): Promise<void> {
    await until("the end of the grace", () => this.gateway.phase === "draining");
    await this.gateway.engine.stopListening();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.gateway.destroy();
  }
}

test("ready once every listener is open, and not before", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new DrainRig(single, 0, 0);
  assert.equal(rig.gateway.ready, false);
  await rig.serve(backend);
  assert.equal(rig.gateway.ready, true);
});

test("not ready while an engine has not begun to open its listeners", async () => {
  await using backend = await Backend.named("v1");
  const begun = Promise.withResolvers<undefined>();
  const slow: Life = {
    name: "slow",
    create: (observer, clock) => {
      const engine = new NetEngine({ observer, clock });
      const apply = engine.apply.bind(engine);
      engine.apply = (snapshot) => begun.promise.then(() => apply(snapshot));
      return { engine };
    },
  };
  await using rig = new DrainRig(slow, 0, 0);
  const serving = rig.serve(backend);
  rig.gateway.readyAfter(Promise.resolve());
  await nextTurn();
  assert.equal(rig.gateway.ready, false);
  begun.resolve(undefined);
  await serving;
  assert.equal(rig.gateway.ready, true);
});

test("ready once what its listeners need was looked for, too", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new DrainRig(single, 0, 0);
  const [first, second] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  rig.gateway.readyAfter(first.promise);
  rig.gateway.readyAfter(second.promise);
  await rig.serve(backend);
  first.resolve(undefined);
  await nextTurn();
  assert.equal(rig.gateway.ready, false);
  second.resolve(undefined);
  await nextTurn();
  assert.equal(rig.gateway.ready, true);
  rig.gateway.readyAfter(new Promise(() => undefined));
  await rig.serve(backend);
  assert.equal(rig.gateway.ready, true);
});

for (const life of [single, workers]) {
  suite(life.name, () => {
    test("a drain fails readiness at once, serves new connections for the grace, then the established ones to their end", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new DrainRig(life, 4000, 45_000);
      const port = await rig.serve(backend);
      const over = rig.gateway.drain();
      assert.equal(rig.gateway.drain(), over);
      assert.equal(rig.gateway.ready, false);
      assert.equal(rig.gateway.phase, "grace");
      assert.equal(rig.gateway.phaseRemaining, 4000);
      using client = await Client.open(port);
      await client.text("v1");

      rig.clock.advance(4000);
      await rig.closed();
      assert.equal(rig.gateway.phase, "draining");
      await assert.rejects(
        Client.open(port).then((refused) => refused.untilEnd()),
        /ECONNREFUSED/,
      );
      client.send("still served");
      await client.text("still served");
      rig.clock.advance(10_000);
      assert.equal(rig.gateway.phaseRemaining, 35_000);
      client.end();
      await client.untilEnd();
      await over;
      assert.deepEqual(rig.progress, [
        "not ready any more, still serving new connections: 0 left, 4 s",
        "waiting for established connections: 1 left, 45 s",
        "waiting for established connections: 1 left, 40 s",
        "waiting for established connections: 1 left, 35 s",
      ]);
      assert.equal(rig.gateway.phase, "stopped");
      assert.equal(rig.gateway.phaseRemaining, undefined);
      assert.equal(rig.clock.pending, 0);
    });

    test("at the end of the drain time what is left is aborted", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new DrainRig(life, 0, 1000);
      using client = await Client.open(await rig.serve(backend));
      await client.text("v1");
      const over = rig.gateway.drain();
      await rig.closed();
      rig.clock.advance(1000);
      await over;
      assert.equal(await client.closed, "RST");
      assert.equal(rig.gateway.recent.at(-1)?.closedHow, "drain");
    });

    test("with no connection left it is over as soon as the grace is", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new DrainRig(life, 5000, 45_000);
      using client = await Client.open(await rig.serve(backend));
      await client.text("v1");
      client.end();
      await client.untilEnd();
      await until("the end of the connection", () => rig.gateway.engine.connectionCount === 0);
      const over = rig.gateway.drain();
      rig.clock.advance(5000);
      await over;
      assert.equal(rig.clock.pending, 0);
    });

    test("connections that wait to be accepted when the grace is over are served", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new DrainRig(life, 100, 45_000);
      const port = await rig.serve(backend);
      const over = rig.gateway.drain();
      const clients = await Promise.all(Array.from({ length: 50 }, () => Client.open(port)));
      rig.clock.advance(100);
      for (const client of clients) {
        await client.text("v1");
        client.end();
        await client.untilEnd();
      }
      await over;
      assert.equal(rig.gateway.recent.length, 50);
    });

    test("a snapshot that comes while it drains opens nothing", async () => {
      await using backend = await Backend.named("v1");
      await using rig = new DrainRig(life, 0, 45_000);
      using client = await Client.open(await rig.serve(backend));
      await client.text("v1");
      const over = rig.gateway.drain();
      await rig.closed();
      const next = snapshotOf(2, [{ port: 2, rules: [{ to: [{ subset: "v2", endpoints: [] }] }] }]);
      await rig.gateway.apply(next, "files", []);
      assert.deepEqual(rig.gateway.engine.listeners(), []);
      client.end();
      await client.untilEnd();
      await over;
    });
  });
}

test("of a pod that is to go kubelet is told that it serves until the grace is over, of one that stays not", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new DrainRig(single, 5000, 45_000);
  using client = await Client.open(await rig.serve(backend));
  await client.text("v1");
  assert.equal(rig.gateway.serving, true);
  void rig.gateway.drain();
  assert.equal(rig.gateway.serving, false);
  void rig.gateway.drain(true);
  assert.equal(rig.gateway.serving, true);
  rig.clock.advance(5000);
  await until("the end of the grace", () => rig.gateway.phase === "draining");
  assert.equal(rig.gateway.serving, false);
});

test("a worker that dies while its gateway drains takes its own connections alone with it, and the drain goes on to its end", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new DrainRig(workers, 0, 45_000);
  const port = await rig.serve(backend);
  const clients = await Promise.all(Array.from({ length: 20 }, () => Client.open(port)));
  for (const client of clients) await client.text("v1");
  const owners = (await rig.gateway.engine.connections()).map(({ worker }) => worker);
  const kept = owners.filter((worker) => worker !== 0).length;
  assert.ok(kept > 0 && kept < owners.length, owners.join());

  const over = rig.gateway.drain();
  await rig.closed();
  await rig.killWorker?.();
  await until("the loss", () => rig.gateway.engine.connectionCount === kept);
  rig.clock.advance(5000);
  assert.equal(rig.progress.at(-1), `waiting for established connections: ${kept} left, 40 s`);
  for (const client of clients) client.end();
  await over;
  assert.equal(rig.gateway.phase, "stopped");
});
