import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultWorkers } from "../../../../app/gateway/engine/choose.ts";

const MiB = 1024 * 1024;

test("as many workers as cores by default, as far as the memory limit has room for them", () => {
  assert.equal(defaultWorkers(4, 512 * MiB), 4);
  assert.equal(defaultWorkers(64, 512 * MiB), 8);
  assert.equal(defaultWorkers(2, 32 * MiB), 1);
  assert.equal(defaultWorkers(64, 0), 64);
  assert.equal(defaultWorkers(64, Number.MAX_SAFE_INTEGER), 64);
});
