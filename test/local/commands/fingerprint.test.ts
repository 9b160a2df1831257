import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { fingerprint } from "../../../local/commands/fingerprint.ts";

suite("the fingerprint of a deployment", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fingerprint-"));
    for (const name of ["routing", "docs", "node_modules"]) await mkdir(join(folder, name));
    await writeFile(join(folder, "index.ts"), "1");
  });
  after(() => rm(folder, { recursive: true }));

  test("stays the same while nothing changes that has part in it", async () => {
    const before = await fingerprint({ a: 1 }, folder);
    await writeFile(join(folder, "docs", "page.md"), "1");
    await writeFile(join(folder, "node_modules", "x.js"), "1");
    assert.equal(await fingerprint({ a: 1 }, folder), before);
  });

  test("changes with a source, its name, and the values given", async () => {
    const seen = new Set([await fingerprint({ a: 1 }, folder), await fingerprint({ a: 2 }, folder)]);
    await writeFile(join(folder, "routing", "a.ts"), "1");
    seen.add(await fingerprint({ a: 1 }, folder));
    await writeFile(join(folder, "routing", "a.ts"), "2");
    seen.add(await fingerprint({ a: 1 }, folder));
    await rm(join(folder, "routing", "a.ts"));
    await writeFile(join(folder, "routing", "b.ts"), "2");
    seen.add(await fingerprint({ a: 1 }, folder));
    assert.equal(seen.size, 5);
  });
});
