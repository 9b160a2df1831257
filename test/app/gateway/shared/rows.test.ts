import assert from "node:assert/strict";
import { test } from "node:test";
import { createSharedRows, Rows, word } from "../../../../app/gateway/shared/rows.ts";
import { hammer } from "./workers.ts";

test("a limit holds at its edge: n pass, the next is refused, one closes, the next passes", () => {
  const rows = new Rows(createSharedRows(1, 4), 0);
  assert.deepEqual([rows.acquire(1, 2), rows.acquire(1, 2), rows.acquire(1, 2)], [true, true, false]);
  rows.release(1);
  assert.equal(rows.acquire(1, 2), true);
  assert.equal(rows.get(1, word.count), 2);
  assert.equal(rows.get(2, word.count), 0);
});

test("workers together get exactly as many as the limit", async () => {
  const shared = createSharedRows(4, 4);
  const task = { kind: "acquire", row: 1, limit: 1000, tries: 5000 } as const;
  const outcomes = await hammer(shared, [task, task, task, task]);
  assert.equal(
    outcomes.reduce((sum, { count }) => sum + count, 0),
    1000,
  );
  assert.equal(new Rows(shared, 0).get(1, word.count), 1000);
});

test("workers that acquire and release leave nothing, and never see more than the limit", async () => {
  const shared = createSharedRows(4, 4);
  const task = { kind: "churn", row: 2, limit: 3, tries: 20_000 } as const;
  const outcomes = await hammer(shared, [task, task, task, task]);
  for (const { count, highest } of outcomes) {
    assert.ok(count > 0);
    assert.ok(highest <= 3);
  }
  assert.equal(new Rows(shared, 0).get(2, word.count), 0);
});

test("what a killed worker held is given back, and the others keep theirs", async () => {
  const shared = createSharedRows(3, 4);
  const rows = new Rows(shared, 2);
  await hammer(
    shared,
    [
      { kind: "hold", row: 1, count: 500 },
      { kind: "hold", row: 1, count: 70 },
    ],
    { terminate: true },
  );
  rows.acquire(1, Infinity);
  assert.equal(rows.get(1, word.count), 571);
  rows.forfeit(0);
  assert.equal(rows.get(1, word.count), 71);
  rows.forfeit(0);
  rows.forfeit(1);
  assert.equal(rows.get(1, word.count), 1);
});

test("there is no worker beyond those that were counted on", () => {
  assert.throws(() => new Rows(createSharedRows(2, 4), 2), /there are 2/);
});
