import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { smoothRotation } from "../../../../app/gateway/shared/smooth-rotation.ts";

const turns = (weights: readonly number[], count: number): number[] => {
  const rotation = smoothRotation(weights);
  return Array.from({ length: count }, () => rotation.next());
};

test("weights 5, 1, 1 make nginx's own example", () => {
  assert.deepEqual(turns([5, 1, 1], 7), [0, 0, 1, 0, 2, 0, 0]);
});

test("shares are exact over each round, and at no moment further off than one connection", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 }), (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const seen = weights.map(() => 0);
      for (const [turn, index] of turns(weights, total * 2).entries()) {
        seen[index] = (seen[index] ?? 0) + 1;
        // Smooth weighted round robin keeps within the number of weights; two stay within one.
        for (const [other, weight] of weights.entries()) {
          const due = ((turn + 1) * weight) / total;
          assert.ok(Math.abs((seen[other] ?? 0) - due) < Math.max(1, weights.length - 1));
        }
      }
      assert.deepEqual(
        seen,
        weights.map((weight) => weight * 2),
      );
    }),
  );
});

test("those that are not eligible are passed over, and the others keep their order", () => {
  const rotation = smoothRotation([1, 1, 1, 1]);
  const not1 = (index: number): boolean => index !== 1;
  assert.deepEqual(
    Array.from({ length: 6 }, () => rotation.next(not1)),
    [0, 2, 3, 0, 2, 3],
  );
  assert.equal(
    rotation.next(() => false),
    -1,
  );
});
