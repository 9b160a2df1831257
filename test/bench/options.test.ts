import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseOptions } from "../../bench/options.ts";

suite("the benchmark's options", () => {
  test("without any are a full run of everything", () => {
    const options = parseOptions([]);
    assert.ok(options?.whole && options.warmUp);
    assert.deepEqual([options.rounds, options.workers], [5, [1, 2]]);
    assert.ok(options.metrics("cpu_per_gb_bulk1") && options.proxies("haproxy_splice"));
  });

  test("--quick tries everything once, but not every configuration of the peers", () => {
    const options = parseOptions(["--quick"]);
    assert.deepEqual([options?.rounds, options?.whole, options?.workers], [1, false, [1]]);
    assert.deepEqual(
      ["haproxy", "haproxy_64k", "ours_net", "direct"].map((name) => options?.proxies(name)),
      [true, false, true, true],
    );
  });

  test("--only takes metrics by their beginning, --proxies by their names", () => {
    const options = parseOptions(["--only", "cpu_per_message,p99", "--proxies", "ours,haproxy"]);
    assert.deepEqual(
      ["cpu_per_message_512", "p99_us_64", "rate_bulk1"].map((metric) => options?.metrics(metric)),
      [true, true, false],
    );
    assert.deepEqual(
      ["ours", "ours_net", "haproxy_64k"].map((name) => options?.proxies(name)),
      [true, false, false],
    );
    assert.equal(options?.whole, false);
  });

  test("that make no sense are refused", () => {
    for (const args of [["--rounds", "0"], ["--seconds", "none"], ["--workers", "1,x"], ["--fast"], ["quick"]])
      assert.equal(parseOptions(args), undefined, args.join(" "));
  });
});
