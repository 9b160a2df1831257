import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { smoothRotation } from "../../../../app/gateway/shared/smooth-rotation.ts";
import { createSharedRotation, turnsOf } from "../../../../app/gateway/shared/rotation.ts";
import { createSharedRows, Rows } from "../../../../app/gateway/shared/rows.ts";
import { hammer } from "./workers.ts";

const rotationOf = (weights: readonly number[]) =>
  createSharedRotation(new Rows(createSharedRows(1, 4), 0), 1, weights);

test("the order is that of smooth weighted round robin", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 6 }), (weights) => {
      if (weights.every((weight) => weight === 0)) return;
      const rotation = rotationOf(weights);
      const smooth = smoothRotation(weights);
      for (let turn = 0; turn < 300; turn++) assert.equal(rotation.next(), smooth.next());
    }),
  );
});

test("common factors make no longer order, and large weights a bounded one", () => {
  assert.equal(turnsOf([950, 50]).length, 20);
  assert.deepEqual([...turnsOf([7, 7, 7])], [0, 1, 2]);
  const turns = turnsOf([2147483647, 1]);
  assert.ok(turns.length <= 16_385);
  assert.equal(turns.filter((index) => index === 1).length, 1);
});

test("turns of workers together are exact over each round", async () => {
  const shared = createSharedRows(4, 4);
  const task = { kind: "turns", row: 1, weights: [90, 9, 1], count: 2500 } as const;
  const outcomes = await hammer(shared, [task, task, task, task]);
  assert.deepEqual(
    [0, 1, 2].map((index) => outcomes.reduce((sum, { byIndex }) => sum + (byIndex[index] ?? 0), 0)),
    [9000, 900, 100],
  );
});

test("those that are not eligible are passed over, and the others keep their shares", () => {
  const rotation = rotationOf([1, 1, 1, 1]);
  const taken = Array.from({ length: 6 }, () => rotation.next((index) => index !== 1));
  assert.deepEqual(taken, [0, 2, 3, 0, 2, 3]);
  assert.equal(
    rotation.next(() => false),
    -1,
  );
});
