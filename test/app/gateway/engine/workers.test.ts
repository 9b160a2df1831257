import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import type { WorkerFailure } from "../../../../app/gateway/engine/engine.ts";
import { WorkersEngine } from "../../../../app/gateway/engine/workers/engine.ts";
import { ListeningSockets } from "../../../../app/gateway/engine/workers/listening-sockets.ts";
import { Backend } from "../../support/backend.ts";
import { Client } from "../../support/client.ts";
import { Rig } from "../../support/engines.ts";
import { clusterName, type Declared } from "../../support/snapshot.ts";

/** An engine whose threads the test can end. */
class Crew extends Rig {
  readonly threads: Worker[];
  readonly failures: WorkerFailure[];
  readonly #failed: { resolve: (failure: WorkerFailure) => void }[];

  constructor(workers: number) {
    const threads: Worker[] = [];
    const failures: WorkerFailure[] = [];
    const failed: { resolve: (failure: WorkerFailure) => void }[] = [];
    super(
      (observer) =>
        new WorkersEngine({
          workers,
          spawn: (program, options) => {
            const thread = new Worker(program, options);
            threads[threads.length] = thread;
            return thread;
          },
          observer: {
            ...observer,
            workerFailed: (failure) => {
              failures.push(failure);
              for (const { resolve } of failed.splice(0)) resolve(failure);
            },
          },
        }),
    );
    this.threads = threads;
    this.failures = failures;
    this.#failed = failed;
  }

  /** Resolves with the next failure of a worker. */
  failure(): Promise<WorkerFailure> {
    return new Promise((resolve) => this.#failed.push({ resolve }));
  }
}

const to = (...backends: readonly Backend[]): Declared["rules"] => [
  { to: [{ subset: "v1", endpoints: backends.map(({ endpoint }) => endpoint) }] },
];

/** Connects, waits for the greeting, and ends. */
async function visit(rig: Rig, port: number): Promise<string> {
  using client = await rig.connect(port);
  const greeting = await client.text("\n");
  client.end();
  await client.untilEnd();
  return greeting.trim();
}

test("connections are spread evenly over the workers", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new Crew(2);
  await rig.apply({ port: 1, rules: to(backend) });
  const total = 4000;
  for (let round = 0; round < total / 50; round++) {
    await Promise.all(Array.from({ length: 50 }, () => visit(rig, 1)));
  }
  await rig.record(total);
  const shares = [0, 1].map((worker) => rig.closed.filter((record) => record.worker === worker).length);
  // Five standard deviations of a fair coin.
  for (const share of shares) assert.ok(Math.abs(share - total / 2) < 5 * Math.sqrt(total / 4), shares.join(" and "));
  assert.equal(new Set(rig.closed.map(({ id }) => id)).size, total);
});

test("weights hold over all workers together, exactly and in order", async () => {
  await using v1 = await Backend.named("v1");
  await using v2 = await Backend.named("v2");
  await using rig = new Crew(2);
  await rig.apply({
    port: 1,
    rules: [
      {
        to: [
          { subset: "v1", endpoints: [v1.endpoint], weight: 3 },
          { subset: "v2", endpoints: [v2.endpoint], weight: 1 },
        ],
      },
    ],
  });
  const greetings: string[] = [];
  for (let index = 0; index < 80; index++) greetings.push(await visit(rig, 1));
  await rig.record(80);
  assert.equal(new Set(rig.closed.map(({ worker }) => worker)).size, 2);
  for (let turn = 0; turn < 80; turn += 4) {
    assert.deepEqual(greetings.slice(turn, turn + 4), greetings.slice(0, 4), `turn ${turn / 4}`);
  }
  assert.equal(greetings.filter((greeting) => greeting === "v2").length, 20);
});

test("a limit is the pod's: whoever's worker took the last, the next is refused", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new Crew(2);
  await rig.apply({
    port: 1,
    rules: [{ to: [{ subset: "v1", endpoints: [backend.endpoint], policy: { maxConnections: 5 } }] }],
  });
  const clients: Client[] = [];
  for (let index = 0; index < 5; index++) {
    const client = await rig.connect(1);
    await client.text("v1");
    clients.push(client);
  }
  for (let index = 0; index < 10; index++) {
    using refused = await rig.connect(1);
    assert.equal(await refused.closed, "RST");
  }
  assert.equal(rig.engine.active(clusterName("v1")), 5);
  clients[0]?.end();
  await clients[0]?.untilEnd();
  await rig.record(11);
  await visit(rig, 1);
  for (const client of clients) client[Symbol.dispose]();
});

test("a worker that dies takes its own connections with it; its listening socket waits for its successor, and nobody is refused", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new Crew(2);
  await rig.apply({ port: 1, rules: to(backend) });
  const clients: Client[] = [];
  while (new Set(rig.opened.map(({ worker }) => worker)).size < 2 || clients.length < 10) {
    const client = await rig.connect(1);
    await client.text("v1");
    clients.push(client);
  }
  await rig.untilOpened(clients.length);
  const own = (worker: number): Client[] =>
    clients.filter(
      ({ socket }) => rig.opened.find(({ downstream }) => downstream.port === socket.localPort)?.worker === worker,
    );
  const [doomed, spared] = [own(0), own(1)];

  const failure = rig.failure();
  void rig.threads[0]?.terminate();
  const { worker, lost } = await failure;
  assert.deepEqual([worker, lost], [0, doomed.length]);
  // The kernel ends them as it likes: with FIN, or with RST where something was unread.
  for (const client of doomed) await client.untilEnd().catch(() => client.closed);
  assert.equal(rig.engine.connectionCount, spared.length);
  assert.equal(rig.engine.active(clusterName("v1")), spared.length);
  for (const client of spared) {
    client.send("still here");
    await client.text("still here");
  }

  const young = await Promise.all(Array.from({ length: 40 }, () => rig.connect(1)));
  for (const client of young) await client.text("v1");
  await rig.untilOpened(clients.length + young.length);
  assert.deepEqual(new Set(rig.opened.slice(clients.length).map((connection) => connection.worker)), new Set([0, 1]));
  assert.equal(rig.threads.length, 3);
  for (const client of [...clients, ...young]) client[Symbol.dispose]();
});

test("a successor knows what was changed while there was none", async () => {
  await using v1 = await Backend.named("v1");
  await using v2 = await Backend.named("v2");
  await using rig = new Crew(1);
  await rig.apply({ port: 1, rules: to(v1) });
  const failure = rig.failure();
  void rig.threads[0]?.terminate();
  await failure;
  await rig.apply(
    { port: 1, rules: [{ to: [{ subset: "v2", endpoints: [v2.endpoint] }] }] },
    { port: 2, rules: to(v1) },
  );
  assert.equal(await visit(rig, 1), "v2");
  assert.equal(await visit(rig, 2), "v1");
});

test("what is over leaves no socket and no thread behind", async () => {
  await using backend = await Backend.named("v1");
  const before = readdirSync("/proc/self/fd").length;
  {
    await using rig = new Crew(2);
    await rig.apply({ port: 1, rules: to(backend) }, { port: 2, rules: to(backend) });
    await visit(rig, 1);
    await rig.apply({ port: 2, rules: to(backend) });
    await visit(rig, 2);
  }
  assert.equal(readdirSync("/proc/self/fd").length, before);
});

test("a port that another program shares is not joined", async () => {
  const sockets = ListeningSockets.open("127.0.0.1", 0, 2);
  assert.throws(() => ListeningSockets.open("127.0.0.1", sockets.port, 2), { code: "EADDRINUSE" });
  assert.throws(() => ListeningSockets.open(undefined, sockets.port, 2), { code: "EADDRINUSE" });
  sockets.close();
  ListeningSockets.open(undefined, sockets.port, 1).close();
});

test("IPv6 alone, and both families on one socket", async () => {
  await using backend = await Backend.named("v1");
  await using rig = new Crew(2);
  await rig.apply({ port: 1, bind: "::1", rules: to(backend) }, { port: 2, bind: "::", rules: to(backend) });
  for (const [port, host] of [
    [1, "::1"],
    [2, "::1"],
    [2, "127.0.0.1"],
  ] as const) {
    using client = await Client.open(rig.bound(port), { host });
    await client.text("v1");
  }
  await rig.untilOpened(3);
  assert.deepEqual(rig.opened.map(({ downstream }) => downstream.address).sort(), ["127.0.0.1", "::1", "::1"]);
});
