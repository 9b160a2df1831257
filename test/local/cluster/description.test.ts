import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { clusterTools, describe, placesOf } from "../../../local/cluster/description.ts";
import { instances } from "../../../local/cluster/plan.ts";
import type { Toolchain, ToolName } from "../../../local/toolchain/index.ts";

function toolchain(names: readonly ToolName[]): Toolchain {
  const tool = { path: "/tools/first", programs: new Map(), version: "1", origin: "built" } as const;
  return {
    bin: "/tools/bin",
    env: { PATH: "/tools/bin:/usr/bin", HTTPS_PROXY: "http://proxy:3128" },
    tools: new Map(names.map((name) => [name, tool])),
  };
}

suite("description of a cluster", () => {
  test("names that the host sees differ and fit", () => {
    const all = instances.map((instance) => describe(instance, toolchain(clusterTools), {}));
    assert.equal(new Set(all.map(({ names }) => names.interface)).size, instances.length);
    for (const { names } of all) assert.ok(names.interface.length <= 15, "IFNAMSIZ is 16, with the end of the string");
  });

  test("sockets fit into sun_path", () => {
    for (const instance of instances) assert.ok(placesOf(instance).control.length < 108);
  });

  test("nothing but PATH, HOME and LANG of the environment gets into the cluster", () => {
    const { environment } = describe("test", toolchain(clusterTools), {});
    assert.deepEqual(environment, { PATH: "/tools/bin:/usr/bin", HOME: "/", LANG: "C.UTF-8" });
  });

  test("a toolchain that lacks a tool is refused", () => {
    const incomplete = toolchain(clusterTools.filter((name) => name !== "runc" && name !== "docker"));
    assert.throws(() => describe("test", incomplete, {}), {
      message: "Cannot run a cluster without runc, docker: ask provide() for clusterTools",
    });
  });
});
