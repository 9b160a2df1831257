import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PersistentMap } from "../../../routing/incremental/persistent-map.ts";
import { edit } from "../../../routing/incremental/sorted-list.ts";

const key = fc.nat(2000).map(String);
const edits = fc.array(fc.array(fc.tuple(key, fc.option(fc.nat(3), { nil: undefined })), { maxLength: 300 }), {
  maxLength: 8,
});

test("a persistent map is what a plain one is, in every version", () => {
  fc.assert(
    fc.property(edits, (steps) => {
      const plain = new Map<string, number>();
      let map = PersistentMap.of<number>([]);
      const versions: [PersistentMap<number>, Map<string, number>][] = [];
      for (const step of steps) {
        map = map.with(step);
        for (const [name, value] of step) {
          if (value === undefined) plain.delete(name);
          else plain.set(name, value);
        }
        versions.push([map, new Map(plain)]);
      }
      for (const [version, expected] of versions) {
        assert.deepEqual(new Map(version), expected);
        assert.equal(version.size, expected.size);
        for (const name of ["0", "1", "2000"]) assert.equal(version.get(name), expected.get(name));
        const different = [...new Set([...expected.keys(), ...plain.keys()])].filter(
          (name) => expected.get(name) !== plain.get(name),
        );
        assert.deepEqual([...version.differences(map)].sort(), different.sort());
      }
    }),
    { numRuns: 30 },
  );
});

test("a sorted list that was edited is sorted", () => {
  const item = fc.record({ age: fc.nat(5) });
  const byAge = (a: { age: number }, b: { age: number }) => a.age - b.age;
  fc.assert(
    fc.property(fc.array(item), fc.array(fc.nat()), fc.array(item), (items, places, added) => {
      const list = [...items].sort(byAge);
      const removed = new Set(places.flatMap((place) => (list.length === 0 ? [] : [list[place % list.length]])));
      const expected = [...list.filter((one) => !removed.has(one)), ...added];
      const edited = edit<{ age: number } | undefined>(list, removed, added, (a, b) =>
        byAge(a ?? { age: 0 }, b ?? { age: 0 }),
      );
      assert.deepEqual(new Set(edited), new Set(expected));
      assert.equal(edited.length, expected.length);
      assert.deepEqual(edited, [...expected].sort(byAge));
    }),
  );
});
