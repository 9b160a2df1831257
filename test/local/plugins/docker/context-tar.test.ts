import assert from "node:assert/strict";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { type ContextArchive, packContext } from "../../../../local/plugins/docker/context-tar.ts";
import { readIgnoreRules } from "../../../../local/plugins/docker/ignore-file.ts";
import { TemporaryFolder } from "./temporary-folder.ts";

async function contentsOf({ stream }: ContextArchive): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  const archive = extract();
  const reading = (async () => {
    for await (const entry of archive) {
      const { name, type, mode, uid, gid, linkname } = entry.header;
      assert.deepEqual([uid, gid], [0, 0]);
      contents[name] = type === "symlink" ? `-> ${linkname}` : `${type} ${mode.toString(8)} ${await text(entry)}`;
    }
  })();
  await Promise.all([pipeline(stream, archive as unknown as NodeJS.WritableStream), reading]);
  return contents;
}

test("a context goes to the engine as it is, without what is ignored", async () => {
  await using folder = await TemporaryFolder.of({
    Dockerfile: "FROM a",
    ".dockerignore": "*\n!src",
    "src/main.js": "main",
    "secret.txt": "hush",
  });
  await folder.write("src/run.sh", "run", 0o755);
  await symlink("main.js", join(folder.path, "src", "link.js"));
  const dockerfile = { path: join(folder.path, "Dockerfile"), name: "Dockerfile" };
  const archive = packContext(folder.path, readIgnoreRules(folder.path, dockerfile.path), dockerfile);
  assert.equal(archive.dockerfile, "Dockerfile");
  const contents = await contentsOf(archive);
  assert.deepEqual(Object.keys(contents), ["Dockerfile", "src", "src/link.js", "src/main.js", "src/run.sh"]);
  assert.equal(contents["Dockerfile"], "file 644 FROM a");
  assert.equal(contents["src/link.js"], "-> main.js");
  assert.equal(contents["src/run.sh"], "file 755 run");
});

test("a Dockerfile from elsewhere is sent along, and kept out of the image", async () => {
  await using folder = await TemporaryFolder.of({
    "ctx/a": "a",
    "ctx/.dockerignore": "*.log",
    "other.Dockerfile": "FROM b",
  });
  const context = join(folder.path, "ctx");
  const dockerfile = { path: join(folder.path, "other.Dockerfile"), name: "../other.Dockerfile" };
  const archive = packContext(context, readIgnoreRules(context, dockerfile.path), dockerfile);
  const contents = await contentsOf(archive);
  assert.equal(contents[archive.dockerfile], "file 644 FROM b");
  assert.deepEqual(contents[".dockerignore"]?.split("\n"), ["file 644 *.log", ".dockerignore", archive.dockerfile, ""]);
});

test("a file larger than any buffer arrives whole", async () => {
  const large = "x".repeat(3_000_000);
  await using folder = await TemporaryFolder.of({ Dockerfile: "", large });
  const dockerfile = { path: join(folder.path, "Dockerfile"), name: "Dockerfile" };
  const contents = await contentsOf(
    packContext(folder.path, readIgnoreRules(folder.path, dockerfile.path), dockerfile),
  );
  assert.equal(contents["large"], `file 644 ${large}`);
});
