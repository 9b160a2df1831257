import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { watchChanges } from "../../../../local/plugins/watch/changes.ts";

test("tells of a program's files, once they are left alone, and of nothing that tools write", async () => {
  const folder = await mkdtemp(join(tmpdir(), "watch-"));
  try {
    await mkdir(join(folder, "node_modules"));
    await mkdir(join(folder, ".local"));
    const told: string[] = [];
    let changed = Promise.withResolvers<undefined>();
    using _watching = watchChanges([folder], (name) => {
      told.push(name);
      changed.resolve(undefined);
    });
    await writeFile(join(folder, "node_modules", "a.js"), "1");
    await writeFile(join(folder, ".local", "state.json"), "1");
    await writeFile(join(folder, "first.ts"), "1");
    await writeFile(join(folder, "index.ts"), "1");
    await changed.promise;
    changed = Promise.withResolvers();
    await mkdir(join(folder, "components"));
    await changed.promise;
    assert.deepEqual(told, ["index.ts", "components"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
