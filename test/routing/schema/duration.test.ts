import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "../../../routing/schema/duration.ts";

test("durations are Go's", () => {
  assert.equal(parseDuration("10s"), 10_000);
  assert.equal(parseDuration("1h"), 3_600_000);
  assert.equal(parseDuration("1h30m"), 5_400_000);
  assert.equal(parseDuration("1.5s"), 1500);
  assert.equal(parseDuration("250ms"), 250);
  assert.equal(parseDuration("0s"), 0);
});

test("anything else is none", () => {
  for (const text of ["", "10", "s", "-1s", "1 s", "1d", "1.s"]) assert.equal(parseDuration(text), undefined, text);
});
