import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { letEverybodyIn } from "../../../policy/exposure/open-ranges.ts";

/** Blocks that make up all of IPv4, split at random. */
const everything = fc.array(fc.nat(), { maxLength: 12 }).map((choices) => {
  const blocks = [{ base: 0, prefix: 0 }];
  for (const choice of choices) {
    const [block = { base: 0, prefix: 0 }] = blocks.splice(choice % blocks.length, 1);
    const prefix = block.prefix + 1;
    blocks.push({ base: block.base, prefix }, { base: block.base + 2 ** (32 - prefix), prefix });
  }
  return blocks.map(
    ({ base, prefix }) => `${[24, 16, 8, 0].map((bits) => Math.floor(base / 2 ** bits) % 256).join(".")}/${prefix}`,
  );
});

test("however all addresses are split into blocks, they let everybody in, and all but one of them do not", () => {
  fc.assert(
    fc.property(everything, fc.nat(), (blocks, left) => {
      assert.equal(letEverybodyIn(blocks), true);
      assert.equal(letEverybodyIn(blocks.filter((_, index) => index !== left % blocks.length)), false);
    }),
  );
});

test("none lets nobody in, and neither does what is no block", () => {
  assert.equal(letEverybodyIn([]), false);
  assert.equal(letEverybodyIn(["0.0.0.0/99", "everybody", ""]), false);
});
