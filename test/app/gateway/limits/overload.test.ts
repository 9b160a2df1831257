import assert from "node:assert/strict";
import { test } from "node:test";
import { OverloadGuard, type OverloadEvent } from "../../../../app/gateway/limits/overload.ts";
import { systemReadings, type Reading } from "../../../../app/gateway/limits/readings.ts";
import { createSharedRows, POD_ROW, Rows, word } from "../../../../app/gateway/shared/rows.ts";
import { FakeClock } from "../../support/clock.ts";

function rig(fileDescriptors: Reading | undefined, memory: Reading | undefined) {
  const rows = new Rows(createSharedRows(1, 4), 0);
  const clock = new FakeClock();
  const events: OverloadEvent[] = [];
  const now = { fileDescriptors, memory };
  const guard = new OverloadGuard({
    rows,
    clock,
    readings: { fileDescriptors: () => now.fileDescriptors, memory: () => now.memory },
    changed: (event) => events.push(event),
  });
  return { rows, clock, events, now, guard };
}

test("nine tenths of the file descriptors are for connections, two each, and for all else that is open", () => {
  const { rows, clock, now } = rig({ used: 40, limit: 1000 }, undefined);
  assert.equal(rows.get(POD_ROW, word.limit), 430);
  for (let index = 0; index < 100; index++) rows.acquire(POD_ROW, Infinity);
  now.fileDescriptors = { used: 240, limit: 1000 };
  clock.advance(1000);
  assert.equal(rows.get(POD_ROW, word.limit), 430);
  now.fileDescriptors = { used: 340, limit: 1000 };
  clock.advance(1000);
  assert.equal(rows.get(POD_ROW, word.limit), 380);
});

test("a process that has next to no file descriptors serves one connection at least", () => {
  const { rows } = rig({ used: 1000, limit: 1000 }, undefined);
  assert.equal(rows.get(POD_ROW, word.limit), 1);
});

test("shedding for want of file descriptors is told once, and its end when there are clearly fewer", () => {
  const { rows, clock, events, now } = rig({ used: 0, limit: 100 }, undefined);
  assert.equal(rows.get(POD_ROW, word.limit), 45);
  for (let index = 0; index < 45; index++) rows.acquire(POD_ROW, Infinity);
  now.fileDescriptors = { used: 90, limit: 100 };
  clock.advance(2000);
  assert.deepEqual(events, [{ resource: "file descriptors", shedding: true, used: 90, limit: 100 }]);
  for (let index = 0; index < 2; index++) rows.release(POD_ROW);
  now.fileDescriptors = { used: 86, limit: 100 };
  clock.advance(1000);
  assert.equal(events.length, 1);
  rows.release(POD_ROW);
  now.fileDescriptors = { used: 84, limit: 100 };
  clock.advance(1000);
  assert.deepEqual(events[1], { resource: "file descriptors", shedding: false, used: 84, limit: 100 });
});

test("from 95% of the memory on nobody is taken, until less than 90% is used", () => {
  const { rows, clock, events, now } = rig(undefined, { used: 94, limit: 100 });
  const overloaded = (used: number): number => {
    now.memory = { used, limit: 100 };
    clock.advance(1000);
    return rows.get(POD_ROW, word.overloaded);
  };
  assert.deepEqual([94, 95, 92, 90, 89, 94, 95].map(overloaded), [0, 1, 1, 1, 0, 0, 1]);
  assert.deepEqual(
    events.map(({ shedding }) => shedding),
    [true, false, true],
  );
});

test("a guard that is closed looks no more", () => {
  const { clock, guard } = rig(undefined, undefined);
  guard.close();
  assert.equal(clock.pending, 0);
});

test("this machine's own readings", { skip: process.platform !== "linux" }, () => {
  const { used, limit } = systemReadings.fileDescriptors() ?? { used: 0, limit: 0 };
  assert.ok(used > 3 && used < limit);
  const memory = systemReadings.memory();
  if (memory !== undefined) assert.ok(memory.used > 1_000_000 && memory.limit > memory.used);
});
