import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { outcomes } from "../../../bench/report/targets.ts";
import { rowWith } from "./rows.ts";

suite("targets", () => {
  const rows = [
    rowWith("cpu_per_message_64", { ours: 10, ours_net: 15, haproxy: 10 }, { haproxy: 1, nginx: 1.01 }),
    rowWith("rate_message_64", { ours: 50_000 }),
    rowWith("rate_message_64_2w", { ours: 90_000 }),
    rowWith("rate_bulk1", { ours: 1 }, { haproxy: 2, nginx: 0.9, envoy: 1 }),
    rowWith("idle_bytes_per_connection", { ours: 400 }),
  ];
  const held = outcomes(rows, 4);
  const of = (metric: string, peer?: string) =>
    held.filter((outcome) => outcome.metric === metric && outcome.peer === peer);

  test("are reached by a ratio at the limit and missed by one beyond it", () => {
    assert.deepEqual(
      of("cpu_per_message_64", "nginx").map(({ reached }) => reached),
      [false],
    );
    const [ours, net] = of("cpu_per_message_64", "haproxy");
    assert.deepEqual([ours?.measured, ours?.reached], [1, true]);
    assert.deepEqual([net?.measured, net?.reached], [1.5, false], "engine net has a limit of its own");
  });

  test("of throughput are ratios to the best peer, and at least", () => {
    assert.deepEqual(
      of("rate_bulk1").map(({ measured, reached }) => [measured, reached]),
      [[0.9, false]],
    );
  });

  test("of memory are what one has by itself", () => {
    assert.deepEqual(
      of("idle_bytes_per_connection").map(({ unit, reached }) => [unit, reached]),
      [["us", true]],
    );
  });

  test("of two workers compare with what one did", () => {
    assert.deepEqual(
      of("rate_message_64_2w").map(({ measured, reached }) => [measured, reached]),
      [[1.8, true]],
    );
    const here = outcomes(rows, 2).filter(({ metric }) => metric === "rate_message_64_2w");
    assert.deepEqual(
      here.map(({ reached }) => reached),
      [undefined],
      "where the load tools have no processors of their own",
    );
  });

  test("that were not measured are neither reached nor missed", () => {
    assert.deepEqual(
      of("cpu_per_message_64", "envoy").map(({ measured, reached }) => [measured, reached]),
      [[undefined, undefined]],
    );
  });
});
