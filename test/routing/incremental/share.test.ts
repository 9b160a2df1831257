import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Objects, parseObject } from "../../../routing/index.ts";
import { share } from "../../../routing/incremental/share.ts";

test("what is shared says what the newer value says, and is the older where both say the same", () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.tuple(fc.string(), fc.jsonValue())).map((entries) => new Map(entries)),
  );
  fc.assert(
    fc.property(value, value, (previous, next) => {
      assert.deepEqual(share(previous, next), next);
      assert.equal(share(previous, structuredClone(previous)), previous);
    }),
  );
});

test("parts that are equal are the older ones", () => {
  const previous = { changed: [1], kept: { list: ["a"] }, map: new Map([["key", { deep: true }]]) };
  const next = { changed: [2], kept: { list: ["a"] }, map: new Map([["key", { deep: true }]]) };
  const shared = share(previous, next);
  assert.deepEqual(shared, next);
  assert.equal(shared.kept, previous.kept);
  assert.equal(shared.map, previous.map);
});

test("the order of a map's keys is a difference", () => {
  const previous = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  assert.deepEqual([...share(previous, new Map([...previous].reverse())).keys()], ["b", "a"]);
});

test("declared objects are never joined", () => {
  const read = () => parseObject({ apiVersion: "v1", kind: "Secret", metadata: { name: "a", namespace: "b" } }).object;
  const next = [read()];
  assert.equal(share([read()], next)[0], next[0]);
});

test("a set made of one that differs in nothing has nothing to tell", () => {
  const { object } = parseObject({ apiVersion: "v1", kind: "Secret", metadata: { name: "a", namespace: "b" } });
  assert.ok(object !== undefined);
  const objects = Objects.of([object]);
  assert.deepEqual([...objects.changesTo(objects.with([{ before: object, after: object }]))], []);
});
