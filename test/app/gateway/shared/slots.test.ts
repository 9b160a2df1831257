import assert from "node:assert/strict";
import { test } from "node:test";
import { patchMap } from "../../../../app/gateway/shared/map-delta.ts";
import { createSharedRows, Rows, time, word } from "../../../../app/gateway/shared/rows.ts";
import { Slots } from "../../../../app/gateway/shared/slots.ts";

function rig(capacity = 16) {
  const rows = new Rows(createSharedRows(1, capacity), 0);
  let now = 0;
  return { rows, slots: new Slots(rows, () => now), tick: (to: number) => (now = to) };
}

test("a name keeps its row, and a new one has a clean row and its time", () => {
  const { rows, slots, tick } = rig();
  const a = slots.take("a");
  tick(5);
  const b = slots.take("b");
  assert.equal(slots.take("a"), a);
  assert.notEqual(a, b);
  assert.deepEqual([rows.time(a, time.since), rows.time(b, time.since)], [0, 5]);
  assert.deepEqual(slots.entries(), [
    ["a", a],
    ["b", b],
  ]);
  assert.equal(slots.find("c"), undefined);
});

test("a row is handed out again only when nobody takes it, all workers let go of it and nothing is counted on it", () => {
  const { rows, slots } = rig();
  const a = slots.take("a");
  slots.take("a");
  rows.acquire(a, Infinity);
  slots.drop("a", 1);
  slots.acknowledged(1);
  assert.equal(slots.find("a"), a, "it was taken twice");
  slots.drop("a", 2);
  slots.acknowledged(1);
  assert.equal(slots.find("a"), a, "a worker has an older plan");
  slots.acknowledged(2);
  assert.equal(slots.find("a"), a, "a connection is still open");
  rows.set(a, word.failures, 3);
  rows.release(a);
  slots.acknowledged(2);
  assert.equal(slots.find("a"), undefined);
  assert.equal(slots.take("b"), a);
  assert.equal(rows.get(a, word.failures), 0);
});

test("a name that comes back before its row is free goes on where it was", () => {
  const { rows, slots } = rig();
  const a = slots.take("a");
  rows.set(a, word.failures, 3);
  slots.drop("a", 2);
  slots.take("a");
  slots.acknowledged(3);
  assert.equal(slots.find("a"), a);
  assert.equal(rows.get(a, word.failures), 3);
});

test("a thousand changes need no more rows than two plans have, and who is told each change knows all", () => {
  const { slots } = rig(32);
  const told = new Map<string, number>();
  for (let version = 1; version <= 1000; version++) {
    const names = (of: number): string[] => Array.from({ length: 10 }, (_, index) => `${of % 3} ${index}`);
    for (const name of names(version)) slots.take(name);
    if (version > 1) for (const name of names(version - 1)) slots.drop(name, version);
    patchMap(told, slots.changes());
    for (const name of names(version)) assert.equal(told.get(name), slots.find(name));
    slots.acknowledged(version);
    assert.equal(slots.size, 10);
  }
});

test("more names than rows are refused", () => {
  const { slots } = rig(2);
  slots.take("a");
  assert.throws(() => slots.take("b"), /Cannot count b as 1 names are the most/);
});
