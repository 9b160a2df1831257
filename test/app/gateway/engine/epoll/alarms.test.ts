import assert from "node:assert/strict";
import { test } from "node:test";
import { Alarms } from "../../../../../app/gateway/engine/epoll/alarms.ts";
import { FakeClock } from "../../../support/clock.ts";

test("alarms ring once, when somebody looks after their time, unless they are called off", () => {
  const clock = new FakeClock();
  const alarms = new Alarms(clock);
  const rung: string[] = [];
  alarms.after(100, () => rung.push("late"));
  alarms.after(50, () => rung.push("soon"));
  const callOff = alarms.after(50, () => rung.push("never"));
  callOff();
  const start = clock.monotonic();
  assert.equal(alarms.next, start + 50);
  alarms.ring(start + 49);
  assert.deepEqual(rung, []);
  alarms.ring(start + 50);
  assert.deepEqual(rung, ["soon"]);
  assert.equal(alarms.next, start + 100);
  alarms.ring(start + 200);
  alarms.ring(start + 200);
  assert.deepEqual(rung, ["soon", "late"]);
  assert.equal(alarms.next, Infinity);
});
