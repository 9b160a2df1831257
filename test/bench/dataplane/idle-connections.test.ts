import assert from "node:assert/strict";
import { test } from "node:test";
import { idleConnections } from "../../../bench/dataplane/idle-connections.ts";

test("as many idle connections as nine tenths of the file descriptors allow, and no more than 9,500", () => {
  assert.equal(idleConnections(20_000), 8800);
  assert.equal(idleConnections(1024), 400);
  assert.equal(idleConnections(1_048_576), 9500);
});
