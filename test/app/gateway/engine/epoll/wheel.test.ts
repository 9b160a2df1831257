import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Wheel } from "../../../../../app/gateway/engine/epoll/wheel.ts";
import { Random } from "../../../support/random.ts";

/** Who is due at a time, in the order in which they were told. */
function expired(wheel: Wheel, now: number): number[] {
  const due: number[] = [];
  wheel.expire(now, (slot) => due.push(slot));
  return due;
}

describe("the wheel of deadlines", () => {
  test("tells each once, when its time has come and not before", () => {
    const wheel = new Wheel(1000);
    wheel.set(3, 1050);
    wheel.set(4, 1100);
    assert.deepEqual(expired(wheel, 1049.9), []);
    assert.deepEqual(expired(wheel, 1060), [3]);
    assert.deepEqual(expired(wheel, 1060), []);
    assert.deepEqual(expired(wheel, 1104), [4]);
    assert.equal(wheel.next, Infinity);
  });

  test("a new deadline replaces the one before, and a cleared one is none", () => {
    const wheel = new Wheel(0);
    wheel.set(1, 50);
    wheel.set(1, 500);
    wheel.set(2, 50);
    wheel.clear(2);
    wheel.clear(2);
    assert.deepEqual(expired(wheel, 100), []);
    assert.deepEqual(expired(wheel, 504), [1]);
  });

  test("who is due may be given another deadline while it is told", () => {
    const wheel = new Wheel(0);
    wheel.set(1, 10);
    wheel.set(2, 10);
    const told: number[] = [];
    wheel.expire(16, (slot) => {
      told.push(slot);
      wheel.set(slot, 100);
    });
    assert.deepEqual(told.sort(), [1, 2]);
    assert.deepEqual(expired(wheel, 104).sort(), [1, 2]);
  });

  test("one hour is met after many rounds, to the tick", () => {
    const wheel = new Wheel(0);
    const hour = 3_600_000;
    wheel.set(0, hour);
    for (let now = 0; now < hour; now += 1000) assert.deepEqual(expired(wheel, now), []);
    assert.deepEqual(expired(wheel, hour + 8), [0]);
  });

  test("whoever waits for what it says next is never late by more than a tick", () => {
    const random = new Random(7);
    const wheel = new Wheel(0);
    const deadlines = new Map<number, number>();
    let now = 0;
    for (let step = 0; step < 20_000; step++) {
      const slot = random.below(300);
      if (random.below(3) === 0) {
        wheel.clear(slot);
        deadlines.delete(slot);
      } else {
        const deadline = now + random.below(random.below(10) === 0 ? 100_000 : 3000);
        wheel.set(slot, deadline);
        deadlines.set(slot, deadline);
      }
      now = Math.min(wheel.next, now + random.below(50));
      for (const due of expired(wheel, now)) {
        const deadline = deadlines.get(due);
        assert.ok(deadline !== undefined && deadline <= now, `slot ${due} at ${now}, not before ${deadline}`);
        deadlines.delete(due);
      }
      for (const [waiting, deadline] of deadlines)
        assert.ok(deadline > now - 16, `slot ${waiting} was due at ${deadline} and it is ${now}`);
    }
  });
});
