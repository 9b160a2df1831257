import assert from "node:assert/strict";
import { test } from "node:test";
import { ActiveCheck, type Prober, type ProbeExchange } from "../../../../app/gateway/health/active-check.ts";
import type { HealthCheck } from "../../../../routing/table.ts";
import { FakeClock } from "../../support/clock.ts";

const policy: HealthCheck = {
  interval: 5000,
  timeout: 1000,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
  send: Buffer.from("PING\r\n").toString("base64"),
  expect: Buffer.from("PONG").toString("base64"),
};

const endpoint = { address: "10.0.0.1", port: 80, pod: undefined, zone: undefined, terminating: false };

interface Probe {
  readonly exchange: ProbeExchange;
  readonly signal: AbortSignal;
  readonly answer: (error?: Error) => void;
}

/** Checks whose answers the test gives. */
function rig(random = () => 0.5) {
  const clock = new FakeClock();
  const probes: Probe[] = [];
  const told: string[] = [];
  const prober: Prober = {
    probe: (_, exchange, signal) =>
      new Promise<void>((resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
        const answer = (error?: Error) => {
          if (error === undefined) resolve();
          else reject(error);
        };
        probes.push({ exchange, signal, answer });
      }),
  };
  const check = new ActiveCheck({
    policy,
    endpoint,
    prober,
    clock,
    random,
    changed: (healthy, why) => told.push(`${healthy ? "healthy" : "unhealthy"} ${why ?? ""}`.trimEnd()),
  });
  /** Lets time pass until the next check begins, answers it, and waits until that was noted. */
  async function answered(error?: Error): Promise<void> {
    clock.advance(clock.delays.at(-1) ?? 0);
    const asked = clock.delays.length;
    probes.at(-1)?.answer(error);
    await clock.asked(asked + 1);
  }
  return { clock, probes, told, check, answered };
}

test("the verdict changes after so many results in a row that speak against it", async () => {
  const { check, told, answered } = rig();
  check.start();
  const refused = new Error("connect ECONNREFUSED");
  for (const error of [refused, refused, undefined, refused, refused]) await answered(error);
  assert.deepEqual(told, []);
  await answered(refused);
  assert.deepEqual(told, ["unhealthy connect ECONNREFUSED"]);
  assert.equal(check.healthy, false);
  for (const error of [undefined, refused, undefined]) await answered(error);
  assert.equal(check.healthy, false);
  await answered();
  assert.deepEqual(told, ["unhealthy connect ECONNREFUSED", "healthy"]);
  check.stop();
});

test("a check that takes too long is called off, and has failed", async () => {
  const { check, told, probes, clock } = rig();
  check.start();
  clock.advance(2500);
  for (let failures = 1; failures <= 3; failures++) {
    const asked = clock.delays.length;
    assert.equal(probes.length, failures);
    clock.advance(1000);
    await clock.asked(asked + 1);
    assert.equal(probes.at(-1)?.signal.aborted, true);
    clock.advance(5000);
  }
  assert.deepEqual(told, ["unhealthy no answer within 1000 ms"]);
  check.stop();
});

test("what is to be sent and expected is bytes", () => {
  const { check, probes, clock } = rig();
  check.start();
  clock.advance(2500);
  assert.deepEqual(probes[0]?.exchange, { send: Buffer.from("PING\r\n"), expect: Buffer.from("PONG") });
  check.stop();
});

test("the first check is spread over the interval, the others around it", async () => {
  const early = rig(() => 0);
  early.check.start();
  await early.answered();
  assert.deepEqual(early.clock.delays, [0, 1000, 4500]);
  early.check.stop();
  const late = rig(() => 0.75);
  late.check.start();
  await late.answered();
  assert.deepEqual(late.clock.delays, [3750, 1000, 5250]);
  late.check.stop();
});

test("once stopped nothing is begun, told or left", async () => {
  const { check, told, probes, clock } = rig();
  check.start();
  clock.advance(2500);
  check.stop();
  check.stop();
  assert.equal(probes[0]?.signal.aborted, true);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(clock.pending, 0);
  clock.advance(60_000);
  assert.equal(probes.length, 1);
  assert.deepEqual(told, []);
});
