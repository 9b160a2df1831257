import assert from "node:assert/strict";
import { test } from "node:test";
import { pickEndpoint, type Candidate } from "../../../../app/gateway/engine/balance.ts";
import { createLedger, smoothRotation } from "../../../../app/gateway/engine/ledger.ts";
import type { TrafficPolicy } from "../../../../routing/table.ts";

type Some = [Candidate, ...Candidate[]];

function candidates(count: number): Some {
  const ledger = createLedger();
  return Array.from({ length: count }, (_, index) => ({
    endpoint: { address: `10.0.0.${index + 1}`, port: 80, pod: undefined, zone: undefined, terminating: false },
    gauge: ledger.gauge(String(index)),
  })) as Some;
}

const chooser = (policy: TrafficPolicy["loadBalancer"], random = Math.random) => ({
  policy,
  random,
  rotation: smoothRotation([1, 1, 1]),
});

test("least requests takes the less busy of two different ones", () => {
  const all = candidates(3);
  all[0].gauge.tryAcquire(Infinity);
  // The lowest draws: the first, and of the others the first.
  const drawn = pickEndpoint(
    all,
    chooser("LEAST_REQUEST", () => 0),
    "c",
  );
  assert.equal(drawn, all[1]);
});

test("least requests keeps endpoints level", () => {
  const all = candidates(5);
  for (let index = 0; index < 1000; index++)
    pickEndpoint(all, chooser("LEAST_REQUEST"), "c").gauge.tryAcquire(Infinity);
  for (const { gauge } of all) assert.ok(Math.abs(gauge.value - 200) <= 10, String(gauge.value));
});

test("round robin takes turns", () => {
  const all = candidates(3);
  const robin = chooser("ROUND_ROBIN");
  assert.deepEqual(
    Array.from({ length: 6 }, () => all.indexOf(pickEndpoint(all, robin, "c"))),
    [0, 1, 2, 0, 1, 2],
  );
});

test("random reaches all", () => {
  const all = candidates(3);
  const picked = [0, 0.34, 0.99].map((value) =>
    all.indexOf(
      pickEndpoint(
        all,
        chooser("RANDOM", () => value),
        "c",
      ),
    ),
  );
  assert.deepEqual(picked, [0, 1, 2]);
});

test("a source hash is even, and only clients of an endpoint that left move", () => {
  const all = candidates(5);
  const hash = chooser("MAGLEV");
  const [gone, ...left] = all;
  const counts = new Map<Candidate, number>();
  for (let client = 0; client < 5000; client++) {
    const address = `192.168.${client >> 8}.${client & 255}`;
    const before = pickEndpoint(all, hash, address);
    counts.set(before, (counts.get(before) ?? 0) + 1);
    if (before !== gone) assert.equal(pickEndpoint(left as Some, hash, address), before);
  }
  for (const count of counts.values()) assert.ok(count > 850 && count < 1150, String(count));
});
