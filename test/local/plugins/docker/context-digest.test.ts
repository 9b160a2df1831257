import assert from "node:assert/strict";
import { chmod, rename, symlink, utimes } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { contextDigest, modeText } from "../../../../local/plugins/docker/context-digest.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

const files = {
  Dockerfile: "FROM scratch\n",
  ".dockerignore": "*.log\n!keep.log\n",
  "app.js": "console.log(1)\n",
  "a/b.txt": "b",
  "a-b.txt": "a-b",
  "keep.log": "kept",
  "drop.log": "dropped",
};

async function digestOf(change?: (folder: TemporaryFolder) => Promise<void>): Promise<string> {
  await using folder = await TemporaryFolder.of(files);
  await change?.(folder);
  return contextDigest(folder.path, join(folder.path, "Dockerfile"));
}

test("the digest is that of the records as they are described, reckoned by another program", async () => {
  assert.equal(await digestOf(), "7ccd46c1837d9bc21705954e4162106d6425662af629515a2416757f15ad2b86");
});

test("modes are written as Go does", () => {
  assert.equal(modeText({ kind: "file", mode: 0o644 }), "-rw-r--r--");
  assert.equal(modeText({ kind: "link", mode: 0o777 }), "Lrwxrwxrwx");
  assert.equal(modeText({ kind: "file", mode: 0o4755 }), "urwxr-xr-x");
  assert.equal(modeText({ kind: "file", mode: 0o7001 }), "ugt--------x");
});

const without: readonly (readonly [what: string, change: (folder: TemporaryFolder) => Promise<void>])[] = [
  ["an ignored file's content", (folder) => folder.write("drop.log", "changed")],
  ["one more ignored file", (folder) => folder.write("other.log", "new")],
  ["a file's time", (folder) => utimes(join(folder.path, "app.js"), 1, 1)],
];

for (const [what, change] of without) {
  test(`${what} does not count`, async () => assert.equal(await digestOf(change), await digestOf()));
}

const within: readonly (readonly [what: string, change: (folder: TemporaryFolder) => Promise<void>])[] = [
  ["the Dockerfile's content", (folder) => folder.write("Dockerfile", "FROM node\n")],
  ["a file's content", (folder) => folder.write("app.js", "console.log(2)\n")],
  ["a file's mode", (folder) => chmod(join(folder.path, "app.js"), 0o755)],
  ["a file's name", (folder) => rename(join(folder.path, "app.js"), join(folder.path, "main.js"))],
  ["a file that is taken in again", (folder) => folder.write("keep.log", "changed")],
  ["one more link", (folder) => symlink("app.js", join(folder.path, "link.js"))],
];

for (const [what, change] of within) {
  test(`${what} counts`, async () => assert.notEqual(await digestOf(change), await digestOf()));
}

test("a link counts by where it leads, not by what is there", async () => {
  const linked = (target: string, content: string) =>
    digestOf(async (folder) => {
      await folder.write("drop.log", content);
      await folder.write("other.log", "other");
      await symlink(target, join(folder.path, "link.js"));
    });
  await using folder = await TemporaryFolder.of({});
  const here = process.cwd();
  process.chdir(folder.path);
  try {
    await folder.write("ctx/Dockerfile", "");
    await folder.write("ctx/drop.log", "1");
    await folder.write("ctx/.dockerignore", "*.log");
    await symlink("drop.log", join(folder.path, "ctx", "link"));
    const first = contextDigest("./ctx", "./ctx/Dockerfile");
    await folder.write("ctx/drop.log", "2");
    assert.equal(contextDigest("./ctx", "./ctx/Dockerfile"), first);
  } finally {
    process.chdir(here);
  }
  assert.notEqual(await linked("drop.log", "1"), await linked("other.log", "1"));
});

test("a Dockerfile outside of the context counts by its content alone", async () => {
  await using folder = await TemporaryFolder.of({ "ctx/a": "a", "x.Dockerfile": "FROM a", "y/z.Dockerfile": "FROM a" });
  const context = join(folder.path, "ctx");
  assert.equal(
    contextDigest(context, join(folder.path, "x.Dockerfile")),
    contextDigest(context, join(folder.path, "y/z.Dockerfile")),
  );
});

test("a link that leads nowhere is an error, as it is to the official plugin", async () => {
  await using folder = await TemporaryFolder.of(files);
  await symlink("nowhere", join(folder.path, "link"));
  assert.throws(() => contextDigest(folder.path, join(folder.path, "Dockerfile")), { code: "ENOENT" });
});
