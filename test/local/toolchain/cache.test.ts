import assert from "node:assert/strict";
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { buildFolder } from "../../../local/toolchain/build.ts";
import { cacheEntry, cacheFolder, keyOf } from "../../../local/toolchain/cache.ts";
import { toolOf } from "../../../local/toolchain/tools.ts";

suite("cache", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "cache-"));
  });
  after(() => rm(folder, { recursive: true }));

  test("is where the environment says", () => {
    assert.equal(cacheFolder({ TCP_INGRESS_CACHE: "/c", XDG_CACHE_HOME: "/x", HOME: "/h" }), "/c");
    assert.equal(cacheFolder({ XDG_CACHE_HOME: "/x", HOME: "/h" }), "/x/tcp-ingress");
    assert.equal(cacheFolder({ HOME: "/h" }), "/h/.cache/tcp-ingress");
  });

  test("makes an entry once, however many ask for it at the same time", async () => {
    const path = join(folder, "once");
    let made = 0;
    const make = async (entry: string) => {
      made++;
      await writeFile(join(entry, "file"), "content");
    };
    await Promise.all([cacheEntry(path, make), cacheEntry(path, make), cacheEntry(path, make)]);
    assert.equal(made, 1);
    assert.equal(await readFile(join(path, "file"), "utf8"), "content");
  });

  test("shows no entry that was not finished, and clears it away", async () => {
    const path = join(folder, "broken");
    const failing = cacheEntry(path, async (entry) => {
      await writeFile(join(entry, "half"), "");
      throw new Error("killed");
    });
    await assert.rejects(failing, /killed/);
    await mkdir(`${path}.partial-1`);
    await cacheEntry(path, (entry) => writeFile(join(entry, "whole"), ""));
    assert.deepEqual(await readdir(path), ["whole"]);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith("broken")),
      ["broken"],
    );
  });

  test("keys tell values apart", () => {
    assert.equal(keyOf(["a", { b: 1 }]), keyOf(["a", { b: 1 }]));
    assert.notEqual(keyOf(["a", "b"]), keyOf(["ab"]));
  });

  test("keys a build by its tool, its version and its sources", async () => {
    const source = toolOf("coredns").sources.find((each) => each.kind === "go");
    assert.ok(source);
    const path = await buildFolder("coredns", source);
    assert.match(path ?? "", /\/built\/coredns-1\.12\.4-[0-9a-f]{12}$/);
    assert.notEqual(await buildFolder("coredns", { ...source, stamp: "-X a=b" }), path);
  });

  test("has no build of sources that are not there", async () => {
    assert.equal(
      await buildFolder("coredns", { kind: "go", module: "nowhere", target: ".", version: "1.0.0" }),
      undefined,
    );
  });
});
