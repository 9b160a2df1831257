import assert from "node:assert/strict";
import { test } from "node:test";
import { createSharedRows } from "../../../../app/gateway/shared/rows.ts";
import {
  createSharedSources,
  MAX_SOURCES,
  Sources,
  untracked,
  type SourceLimits,
} from "../../../../app/gateway/shared/sources.ts";
import { parseAddress } from "../../../../routing/subnet.ts";
import { hammer } from "./workers.ts";

function groups(text: string): Uint16Array {
  const into = new Uint16Array(8);
  assert.ok(parseAddress(text, into));
  return into;
}

const numbered = (index: number): Uint16Array => Uint16Array.of(0, 0, 0, 0, 0, 0xffff, index >>> 16, index & 0xffff);

const three: SourceLimits = { maxConnections: 3, rate: undefined };
const a = groups("192.0.2.1");

function entryOf(admission: ReturnType<Sources["admit"]>): number {
  assert.ok(admission.admitted);
  return admission.entry;
}

test("connections of one address on one listener, at the edge", () => {
  const sources = new Sources(createSharedSources(1), 0);
  const entries = [1, 2, 3].map(() => entryOf(sources.admit(1, a, 0, three)));
  assert.deepEqual(sources.admit(1, a, 0, three), { admitted: false, reason: "connections" });
  assert.ok(sources.admit(1, groups("192.0.2.2"), 0, three).admitted, "another address");
  assert.ok(sources.admit(2, a, 0, three).admitted, "another listener");
  assert.deepEqual(sources.admit(1, groups("::ffff:192.0.2.1"), 0, three).admitted, false, "the same address");
  sources.release(entries[0] as number);
  assert.ok(sources.admit(1, a, 0, three).admitted);
  assert.equal(sources.admit(1, a, 0, three).admitted, false);
});

test("a burst at once, then as many as the rate gives", () => {
  const sources = new Sources(createSharedSources(1), 0);
  const limits: SourceLimits = { maxConnections: undefined, rate: { perSecond: 3, burst: 5 } };
  const admitted = (now: number, count: number) =>
    Array.from({ length: count }, () => sources.admit(1, a, now, limits)).filter((each) => each.admitted).length;
  assert.equal(admitted(1e9, 7), 5);
  assert.equal(admitted(1e9 + 333, 1), 0);
  assert.equal(admitted(1e9 + 334, 2), 1);
  assert.equal(admitted(1e9 + 10_000, 9), 5, "no more than the burst is saved up");
  assert.deepEqual(sources.admit(1, a, 1e9 + 10_000, limits), { admitted: false, reason: "rate" });
});

test("what is refused for its connections takes nothing from the rate", () => {
  const sources = new Sources(createSharedSources(1), 0);
  const limits: SourceLimits = { maxConnections: 1, rate: { perSecond: 1, burst: 2 } };
  const entry = entryOf(sources.admit(1, a, 0, limits));
  for (let index = 0; index < 5; index++) {
    assert.deepEqual(sources.admit(1, a, 0, limits), { admitted: false, reason: "connections" });
  }
  sources.release(entry);
  assert.ok(sources.admit(1, a, 0, limits).admitted);
});

test("memory is bounded: addresses that matter least give way, those with connections never", () => {
  const sources = new Sources(createSharedSources(1), 0);
  const kept = entryOf(sources.admit(1, a, 0, three));
  const rate: SourceLimits = { maxConnections: undefined, rate: { perSecond: 0.001, burst: 1 } };
  for (let index = 0; index < MAX_SOURCES * 2; index++) {
    sources.release(entryOf(sources.admit(1, numbered(index), 0, rate)));
  }
  assert.ok(sources.evicted >= MAX_SOURCES - 1, String(sources.evicted));
  assert.equal(sources.untracked, 0);
  assert.equal(entryOf(sources.admit(1, a, 0, three)), kept);
});

test("where there is no room a client is admitted uncounted", () => {
  const sources = new Sources(createSharedSources(1), 0);
  const entries = Array.from({ length: MAX_SOURCES + 1 }, (_, index) =>
    entryOf(sources.admit(1, numbered(index), 0, three)),
  );
  assert.ok(entries.includes(untracked));
  assert.equal(sources.untracked, entries.filter((entry) => entry === untracked).length);
  for (const entry of entries) sources.release(entry);
  assert.notEqual(entryOf(sources.admit(1, numbered(MAX_SOURCES), 0, three)), untracked);
});

test("with a quarter of the addresses that there is room for, each is counted", () => {
  const sources = new Sources(createSharedSources(1), 0);
  for (let index = 0; index < MAX_SOURCES / 4; index++) sources.admit(1, numbered(index * 7919), 0, three);
  // The seed is random: one is seen without room in a hundred runs.
  assert.ok(sources.untracked <= 2, String(sources.untracked));
});

test("workers together admit exactly as many as the limit, and leave nothing locked or counted", async () => {
  const rows = createSharedRows(4, 2);
  const shared = createSharedSources(4);
  const admit = { kind: "admit", tries: 3000, maxConnections: 500, release: false } as const;
  const outcomes = await hammer(rows, [admit, admit, admit, admit], { sources: shared });
  assert.equal(
    outcomes.reduce((sum, { count }) => sum + count, 0),
    500,
  );
  const sources = new Sources(shared, 0);
  const loopback = groups("127.0.0.1");
  assert.equal(sources.admit(1, loopback, 1000, { maxConnections: 500, rate: undefined }).admitted, false);
  for (let worker = 0; worker < 4; worker++) sources.forfeit(worker);
  const churn = { ...admit, release: true } as const;
  await hammer(rows, [churn, churn, churn, churn], { sources: shared });
  assert.equal(entryOf(sources.admit(1, loopback, 1000, { maxConnections: 1, rate: undefined })) >= 0, true);
});

test("a worker that died in a set leaves it to the others", () => {
  const shared = createSharedSources(2);
  const locks = new Int32Array(shared.memory);
  // As if worker 1 had died wherever it was.
  for (let set = 0; set < 4096; set++) Atomics.store(locks, set, 2);
  const sources = new Sources(shared, 0);
  sources.forfeit(1);
  assert.ok(sources.admit(1, a, 0, three).admitted);
});
