import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maglevTable, type Share } from "../../../../app/gateway/balance/maglev.ts";
import { createRing, ringOwner } from "../../../../app/gateway/balance/ring.ts";

const size = 65_537;

const named = (count: number): Share[] =>
  Array.from({ length: count }, (_, index) => ({ name: `10.0.0.${index}:80`, weight: 1 }));

function ownersOf(shares: readonly Share[]): string[] {
  return Array.from(maglevTable(shares, size), (index) => shares[index]?.name ?? "");
}

test("places are as even as they can be", () => {
  const counts = new Map<string, number>();
  for (const name of ownersOf(named(7))) counts.set(name, (counts.get(name) ?? 0) + 1);
  assert.equal(counts.size, 7);
  for (const count of counts.values()) assert.ok(Math.abs(count - size / 7) <= 1, String(count));
});

test("places go by weight", () => {
  const table = maglevTable(
    [
      { name: "a", weight: 1 },
      { name: "b", weight: 3 },
    ],
    size,
  );
  const own = table.filter((index) => index === 0).length;
  assert.ok(Math.abs(own - size / 4) <= 2, String(own));
});

test("the order of the list does not matter", () => {
  const shares = named(9);
  assert.deepEqual(ownersOf(shares.toReversed()), ownersOf(shares));
});

test("when one of n leaves, its places move and few others: under 1/n and a little", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 50 }), fc.nat(), (count, which) => {
      const shares = named(count);
      const gone = shares[which % count];
      const before = ownersOf(shares);
      const after = ownersOf(shares.filter((share) => share !== gone));
      const moved = before.filter((owner, place) => owner !== after[place]).length / size;
      assert.ok(moved >= 1 / count - 0.001);
      assert.ok(moved < 1 / count + 0.04, `${moved} of ${count}`);
    }),
    { numRuns: 10 },
  );
});

test("a table of any prime is full, with as many shares as it has places", () => {
  const table = maglevTable(named(11), 11);
  assert.deepEqual(
    [...table].sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
  assert.deepEqual([...maglevTable([], 11)], new Array(11).fill(0));
});

test("a ring has as many places as asked for, and only the clients of one that left move", () => {
  const shares = named(8);
  const ring = createRing(shares, 1024);
  assert.equal(ring.places.length, 1024);
  assert.equal(createRing(named(3), 1024).places.length, 3 * 342);
  const gone = shares[3];
  const left = shares.filter((share) => share !== gone);
  const smaller = createRing(left, 1024 - 128);
  assert.equal(smaller.places.length, 1024 - 128);
  for (let hash = 0; hash < 2 ** 32; hash += 2 ** 20 + 7) {
    const before = shares[ringOwner(ring, hash)];
    if (before !== gone) assert.equal(left[ringOwner(smaller, hash)], before);
  }
});

test("a ring ends where it begins", () => {
  const ring = createRing(named(2), 4);
  const last = ring.places.at(-1) ?? 0;
  assert.equal(ringOwner(ring, last + 1), ring.owners[0]);
  assert.equal(ringOwner(ring, last), ring.owners.at(-1));
  assert.equal(ringOwner(ring, 0), ring.owners[0]);
});
