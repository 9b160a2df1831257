import assert from "node:assert/strict";
import { test } from "node:test";
import { createSharedRows, Rows, time, word } from "../../../../app/gateway/shared/rows.ts";
import { Slots } from "../../../../app/gateway/shared/slots.ts";

function rig(capacity = 16) {
  const rows = new Rows(createSharedRows(1, capacity), 0);
  let now = 0;
  return { rows, slots: new Slots(rows, () => now), tick: (to: number) => (now = to) };
}

test("a name keeps its row, and a new one has a clean row and its time", () => {
  const { rows, slots, tick } = rig();
  const a = slots.assign("a");
  tick(5);
  const b = slots.assign("b");
  assert.equal(slots.assign("a"), a);
  assert.notEqual(a, b);
  assert.deepEqual([rows.time(a, time.since), rows.time(b, time.since)], [0, 5]);
  assert.deepEqual(
    [...slots.entries()],
    [
      ["a", a],
      ["b", b],
    ],
  );
  assert.equal(slots.find("c"), undefined);
});

test("a row is handed out again only when all workers let go of it and nothing is counted on it", () => {
  const { rows, slots } = rig();
  const a = slots.assign("a");
  rows.acquire(a, Infinity);
  slots.retain(2, new Set());
  slots.acknowledged(1);
  assert.equal(slots.find("a"), a);
  slots.acknowledged(2);
  assert.equal(slots.find("a"), a, "a connection is still open");
  rows.set(a, word.failures, 3);
  rows.release(a);
  slots.acknowledged(2);
  assert.equal(slots.find("a"), undefined);
  assert.equal(slots.assign("b"), a);
  assert.equal(rows.get(a, word.failures), 0);
});

test("a name that comes back before its row is free goes on where it was", () => {
  const { rows, slots } = rig();
  const a = slots.assign("a");
  rows.set(a, word.failures, 3);
  slots.retain(2, new Set());
  slots.retain(3, new Set(["a"]));
  slots.acknowledged(3);
  assert.equal(slots.find("a"), a);
  assert.equal(rows.get(a, word.failures), 3);
});

test("a thousand changes need no more rows than two plans have", () => {
  const { slots } = rig(32);
  for (let version = 1; version <= 1000; version++) {
    const names = Array.from({ length: 10 }, (_, index) => `${version} ${index}`);
    for (const name of names) slots.assign(name);
    slots.retain(version, new Set(names));
    slots.acknowledged(version);
    assert.equal(slots.size, 10);
  }
});

test("more names than rows are refused", () => {
  const { slots } = rig(2);
  slots.assign("a");
  assert.throws(() => slots.assign("b"), /Cannot count b as 1 names are the most/);
});
