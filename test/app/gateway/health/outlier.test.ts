import assert from "node:assert/strict";
import { test } from "node:test";
import { OutlierDetector, type Outcome } from "../../../../app/gateway/health/outlier.ts";
import { createSharedRows, Rows, word } from "../../../../app/gateway/shared/rows.ts";
import type { OutlierDetection } from "../../../../routing/table.ts";
import { hammer } from "../shared/workers.ts";

const policy: OutlierDetection = {
  consecutiveFailures: 3,
  interval: 10_000,
  baseEjectionTime: 30_000,
  maxEjectionTime: 100_000,
  maxEjectionPercent: 50,
  minHealthPercent: 0,
};

const cluster = 1;

function rig(count: number, changes: Partial<OutlierDetection> = {}) {
  const rows = new Rows(createSharedRows(1, 32), 0);
  const endpoints = Array.from({ length: count }, (_, index) => index + 2);
  const detector = new OutlierDetector({ ...policy, ...changes }, rows, { cluster, endpoints });
  const [first = 0, second = 0, third = 0] = endpoints;
  return {
    rows,
    detector,
    endpoints,
    first,
    second,
    third,
    isOut: (endpoint: number) => rows.get(endpoint, word.ejected) === 1,
    fail: (endpoint: number, now = 0, times = 3, outcome: Outcome = "connect_failure") =>
      Array.from({ length: times }, () => detector.report(endpoint, outcome, now)).includes(true),
    out: () => rows.get(cluster, word.count),
  };
}

test("failures of any kind count in a row, and a success ends it", () => {
  const { detector, first, isOut } = rig(4);
  for (const outcome of ["connect_failure", "connect_timeout", "success", "reset", "connect_failure"] as const) {
    assert.equal(detector.report(first, outcome, 0), false);
  }
  assert.equal(isOut(first), false);
  assert.equal(detector.report(first, "reset", 0), true);
  assert.equal(isOut(first), true);
});

test("each ejection in a row takes one base time more, up to the longest", () => {
  const { detector, first, fail, isOut } = rig(4);
  let now = 0;
  for (const expected of [30_000, 60_000, 90_000, 100_000, 100_000]) {
    assert.equal(fail(first, now), true);
    detector.sweep(now + expected - 1);
    assert.equal(isOut(first), true, `${expected}`);
    now += expected;
    detector.sweep(now);
    assert.equal(isOut(first), false, `${expected}`);
  }
});

test("with each healthy interval one ejection is forgotten", () => {
  const { detector, first, fail, isOut } = rig(4);
  fail(first, 0);
  detector.sweep(30_000);
  fail(first, 30_000);
  detector.sweep(90_000);
  // Two are remembered; one healthy interval later one.
  detector.sweep(100_000);
  fail(first, 100_000);
  detector.sweep(160_000 - 1);
  assert.equal(isOut(first), true);
  detector.sweep(160_000);
  assert.equal(isOut(first), false);
});

test("no more than the percentage is out at once", () => {
  const { fail, endpoints, out, isOut } = rig(4);
  assert.deepEqual(
    endpoints.map((endpoint) => fail(endpoint)),
    [true, true, false, false],
  );
  assert.equal(out(), 2);
  const [, , third = 0] = endpoints;
  assert.equal(isOut(third), false);
});

test("one may always be out, but never the only one", () => {
  const two = rig(2, { maxEjectionPercent: 10 });
  assert.equal(two.fail(two.first), true);
  assert.equal(two.fail(two.second), false);
  const one = rig(1, { maxEjectionPercent: 10 });
  assert.equal(one.fail(one.first), false);
  const all = rig(1, { maxEjectionPercent: 100 });
  assert.equal(all.fail(all.first), true);
});

test("an endpoint that could not be ejected is when it fails again and there is room", () => {
  const { detector, first, second, third, fail } = rig(4, { maxEjectionPercent: 25 });
  assert.equal(fail(first), true);
  assert.equal(fail(second), false);
  detector.release(first);
  assert.equal(fail(second), true);
  assert.equal(fail(third), false);
});

test("what still fails while it is out changes nothing, and it starts anew", () => {
  const { detector, first, fail, isOut } = rig(4);
  fail(first);
  assert.equal(fail(first, 10, 20), false);
  detector.sweep(30_000);
  assert.equal(fail(first, 30_000, 2), false);
  assert.equal(isOut(first), false);
});

test("without a threshold nothing is ejected", () => {
  const { first, fail } = rig(4, { consecutiveFailures: undefined });
  assert.equal(fail(first, 0, 50), false);
});

test("each change of health is told", () => {
  const { rows, detector, first, fail } = rig(4);
  const before = rows.epoch;
  fail(first);
  assert.equal(rows.epoch, before + 1);
  detector.sweep(30_000);
  assert.equal(rows.epoch, before + 2);
  detector.sweep(40_000);
  assert.equal(rows.epoch, before + 2);
});

test("an endpoint that goes leaves room for others; one that stays stays out", () => {
  const { rows, detector, first, second, fail, out, isOut } = rig(4);
  fail(first);
  fail(second);
  const next = new OutlierDetector(policy, rows, { cluster, endpoints: [second] });
  detector.handOver(next);
  assert.equal(out(), 1);
  assert.equal(isOut(second), true);
  next.handOver(undefined);
  assert.equal(out(), 0);
});

test("of workers that see the same failures exactly one ejects, and never too many are out", async () => {
  const shared = createSharedRows(4, 32);
  const endpoints = Array.from({ length: 10 }, (_, index) => index + 2);
  const task = {
    kind: "fail",
    policy: { ...policy, consecutiveFailures: 5 },
    cluster,
    endpoints,
    times: 2000,
  } as const;
  const outcomes = await hammer(shared, [task, task, task, task]);
  const rows = new Rows(shared, 0);
  assert.equal(
    outcomes.reduce((sum, { count }) => sum + count, 0),
    5,
  );
  assert.equal(rows.get(cluster, word.count), 5);
  assert.equal(endpoints.filter((endpoint) => rows.get(endpoint, word.ejected) === 1).length, 5);
});
