import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { buildConfig } from "./support/config.ts";
import { podsBehind } from "./support/echo-client.ts";
import { eventually } from "./support/eventually.ts";
import { Stack } from "./support/stack.ts";

interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly subsets: readonly string[];
}

suite("two ingress gateways with disjoint selectors", () => {
  test("live in one stack, each with its own address, on the same port", async () => {
    const program = join(import.meta.dirname, "programs", "two-ingress-gateways.ts");
    await using stack = await Stack.create("two", { program, config: buildConfig() });
    const up = await stack.up();
    assert.equal(up.code, 0, up.text);
    const { blue, green } = await stack.outputs<Record<"blue" | "green", Endpoint[]>>();
    for (const [[endpoint], version] of [
      [blue, "v1"],
      [green, "v2"],
    ] as const) {
      assert.ok(endpoint !== undefined);
      assert.deepEqual([endpoint.port, endpoint.subsets], [31400, [version]]);
      const { host, port } = endpoint;
      await eventually(`${host}:${port} to answer`, async () => (await podsBehind(host, port, 1)).size);
      for (const pod of await podsBehind(host, port, 20)) assert.match(pod, new RegExp(`^tcp-echo-${version}-`));
    }
    assert.notEqual(blue[0]?.host, green[0]?.host);
  });
});
