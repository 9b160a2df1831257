import assert from "node:assert/strict";
import { test } from "node:test";
import { hashAddress, hashText, rehash } from "../../../../app/gateway/balance/hash.ts";
import { warmth } from "../../../../app/gateway/balance/slow-start.ts";

test("one address has one hash, and others spread over all", () => {
  assert.equal(hashAddress("192.0.2.1"), hashAddress("::ffff:192.0.2.1"));
  assert.equal(hashAddress("::ffff:c000:201"), hashAddress("192.0.2.1"));
  assert.notEqual(hashAddress("192.0.2.1"), hashAddress("192.0.2.2"));
  assert.notEqual(hashAddress("192.0.2.1", 1), hashAddress("192.0.2.1"));
  const buckets = new Array<number>(16).fill(0);
  for (let index = 0; index < 16_000; index++) {
    const bucket = hashAddress(`10.0.${index >> 8}.${index & 255}`) >>> 28;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  for (const count of buckets) assert.ok(Math.abs(count - 1000) < 150, String(count));
});

test("text, and hashes of hashes", () => {
  assert.equal(hashText("a"), hashText("a"));
  assert.notEqual(hashText("a"), hashText("b"));
  assert.notEqual(hashText("a"), hashText("a\0"));
  assert.equal(hashAddress("no address"), hashText("no address"));
  assert.equal(new Set(Array.from({ length: 100 }, (_, round) => rehash(7, round))).size, 100);
});

test("a host warms up as in Envoy's formula", () => {
  const warmup = { duration: 60_000, minimumPercent: 10, aggression: 1 };
  assert.equal(warmth(warmup, 0), 0.1);
  assert.equal(warmth(warmup, 30_000), 0.5);
  assert.equal(warmth(warmup, 60_000), 1);
  assert.equal(warmth(warmup, 1e9), 1);
  assert.equal(warmth({ ...warmup, aggression: 2 }, 15_000), 0.5);
  assert.equal(warmth({ ...warmup, minimumPercent: 0 }, 0), 1 / 60);
  assert.equal(warmth({ ...warmup, duration: 500 }, 0), 1);
});
