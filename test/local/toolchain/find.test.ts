import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { linksFolder } from "../../../local/toolchain/cache.ts";
import { findTool, searchFolders } from "../../../local/toolchain/find.ts";
import type { Tool } from "../../../local/toolchain/tools.ts";

const tool: Tool = {
  programs: ["frob", "frob-helper"],
  version: { args: ["--version"], from: "1.2.0", before: "2" },
  sources: [],
};

suite("finding a tool", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "find-"));
  });
  after(() => rm(folder, { recursive: true }));

  function program(name: string, script: string): Promise<void> {
    return writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  test("takes one with all its programs and a version that fits", async () => {
    await program("frob", "echo frob v1.3.0");
    assert.equal(await findTool(tool, [folder]), undefined, "a program is missing");
    await program("frob-helper", "");
    const found = await findTool(tool, [folder]);
    assert.equal(found?.version, "1.3.0");
    assert.deepEqual(
      [...found.programs],
      [
        ["frob", join(folder, "frob")],
        ["frob-helper", join(folder, "frob-helper")],
      ],
    );
  });

  test("leaves one that is too old, too new, says nothing or does not run", async () => {
    for (const script of ["echo 1.1.9", "echo 2.0.0", "echo frob", "exit 1"]) {
      await program("frob", script);
      assert.equal(await findTool(tool, [folder]), undefined, script);
    }
  });

  test("takes one that ends with its own code when it has told its version, and with no other", async () => {
    const version = { args: ["-h"], exitCode: 3, from: "1.2.0" };
    await program("frob", "echo frob 1.3.0; exit 3");
    assert.equal((await findTool({ ...tool, version }, [folder]))?.version, "1.3.0");
    assert.equal(await findTool(tool, [folder]), undefined);
    await program("frob", "echo frob 1.3.0; exit 1");
    assert.equal(await findTool({ ...tool, version }, [folder]), undefined);
  });

  test("looks in the tool's own folders first", async () => {
    await program("frob", "echo frob 1.3.0");
    const own = join(folder, "own");
    await mkdir(own);
    await copyFile(join(folder, "frob"), join(own, "frob"));
    const found = await findTool({ ...tool, folders: [own] }, [folder]);
    assert.equal(found?.programs.get("frob"), join(own, "frob"));
  });

  test("looks where administrators' programs are, and not at other toolchains' links", () => {
    const folders = searchFolders(`/a:${linksFolder()}/x/bin:/b:/a`);
    assert.deepEqual(folders.slice(0, 2), ["/a", "/b"]);
    assert.ok(folders.includes("/usr/sbin"));
    assert.equal(folders.filter((each) => each.startsWith(linksFolder())).length, 0);
  });
});
