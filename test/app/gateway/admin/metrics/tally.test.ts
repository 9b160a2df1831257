import assert from "node:assert/strict";
import { test } from "node:test";
import { Tally } from "../../../../../app/gateway/admin/metrics/tally.ts";

function countsOf<Label extends string>(tally: Tally<Label>): unknown[] {
  const counts: unknown[] = [];
  tally.read((labels, count) => counts.push([labels, count]));
  return counts;
}

test("a tally counts by all labels together", () => {
  const tally = new Tally(["listener", "reason"]);
  tally.add([1, "finished"]);
  tally.add([1, "drain"], 3);
  tally.add([2, "finished"]);
  tally.add([1, "finished"]);
  assert.deepEqual(countsOf(tally), [
    [{ listener: 1, reason: "finished" }, 2],
    [{ listener: 1, reason: "drain" }, 3],
    [{ listener: 2, reason: "finished" }, 1],
  ]);
});

test("a tally forgets one value of any label", () => {
  const tally = new Tally(["cluster", "change"]);
  for (const cluster of ["a", "b"]) for (const change of ["ejected", "returned"]) tally.add([cluster, change]);
  tally.forget("change", "ejected");
  tally.forget("cluster", "b");
  assert.deepEqual(countsOf(tally), [[{ cluster: "a", change: "returned" }, 1]]);
});

test("a tally without labels is one count", () => {
  const tally = new Tally([]);
  tally.add([]);
  tally.add([], 2);
  assert.deepEqual(countsOf(tally), [[{}, 3]]);
});
