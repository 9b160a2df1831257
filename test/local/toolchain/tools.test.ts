import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fetchedGo, oldestGo, planGo } from "../../../local/toolchain/go.ts";
import { toolNames, toolOf } from "../../../local/toolchain/tools.ts";
import { compareVersions } from "../../../local/toolchain/version.ts";

const modules = join(import.meta.dirname, "..", "..", "..", "local", "toolchain", "modules");

async function goMod(module: string): Promise<string> {
  return readFile(join(modules, module, "go.mod"), "utf8");
}

suite("tools", () => {
  test("have the versions that the Go modules pin", async () => {
    const pins = {
      pulumi: /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/,
      kubernetes: /k8s\.io\/kubernetes v(\S+)/,
      coredns: /github\.com\/coredns\/coredns v(\S+)/,
    };
    for (const [name, pin] of Object.entries(pins)) {
      const pinned = pin.exec(await goMod(name))?.[1];
      const versions = toolOf(name as keyof typeof pins).sources.map((source) =>
        source.kind === "debian" ? "" : source.version,
      );
      assert.deepEqual(versions, [pinned, pinned], name);
    }
    const release = toolOf("kubernetes").sources.find((source) => source.kind === "release");
    const etcd = /go\.etcd\.io\/etcd\/server\/v3 (v\S+)/.exec(await goMod("kubernetes"))?.[1];
    assert.ok(release?.files("amd64").some(({ url }) => url.includes(`/${String(etcd)}/`)));
  });

  test("stamp the versions that they are built in", () => {
    for (const name of toolNames) {
      for (const source of toolOf(name).sources) {
        if (source.kind === "go" && source.stamp !== undefined)
          assert.match(source.stamp, new RegExp(`=v?${source.version}( |$)`));
      }
    }
  });

  test("are all programs of a release, on both architectures", () => {
    for (const name of toolNames) {
      const tool = toolOf(name);
      for (const source of tool.sources) {
        if (source.kind !== "release") continue;
        for (const architecture of ["amd64", "arm64"] as const) {
          const programs: string[] = source.files(architecture).flatMap((file) => file.programs);
          for (const program of tool.programs) assert.ok(programs.includes(program), program);
        }
      }
    }
  });

  test("are built with a Go that is new enough for every module", async () => {
    for (const module of ["pulumi", "kubernetes", "coredns"]) {
      const asked = /^go (\S+)$/m.exec(await goMod(module))?.[1] ?? "";
      assert.ok(compareVersions(asked, oldestGo) <= 0, module);
    }
    assert.ok(compareVersions(fetchedGo, oldestGo) >= 0);
  });

  test("use the Go at hand, make it switch, or fetch one, by its version", () => {
    assert.deepEqual([undefined, "1.19.8", "1.21.0", "1.25.10", oldestGo, "1.30.0"].map(planGo), [
      "fetch",
      "fetch",
      "switch",
      "switch",
      "use",
      "use",
    ]);
  });
});
