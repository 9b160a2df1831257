import assert from "node:assert/strict";
import { test } from "node:test";
import { nearest } from "../../../cli/explain/nearest.ts";

test("the nearest words, the nearest first; nothing where nothing is near", () => {
  const words = ["IST0101", "IST0110", "TCP0101", "ConflictingGateways"];
  assert.deepEqual(nearest("ist010", words), ["IST0101", "IST0110"]);
  assert.deepEqual(nearest("conflictinggateway", words), ["ConflictingGateways"]);
  assert.deepEqual(nearest("weather", words), []);
});
