import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { after, before, suite, test } from "node:test";
import { tar, type TarEntry } from "../../../local/images/tar.ts";

let source: string;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tar-"));
  source = join(folder, "source");
  await writeFile(source, "x".repeat(1_000));
});
after(() => rm(folder, { recursive: true }));

const entries = (): TarEntry[] => [
  { path: "tmp", mode: 0o1777, content: { kind: "folder" } },
  { path: "home", mode: 0o755, owner: 1000, content: { kind: "folder" } },
  { path: "etc/text", mode: 0o644, content: { kind: "text", text: "grüß\n" } },
  { path: "bin/file", mode: 0o755, content: { kind: "file", source } },
];

async function archive(list: readonly TarEntry[]): Promise<Buffer> {
  return buffer(tar(list));
}

suite("tar archive", () => {
  test("tar(1) reads it", async () => {
    const listed = execFileSync("tar", ["--list", "--verbose", "--numeric-owner", "--utc", "--file", "-"], {
      input: await archive(entries()),
      encoding: "utf8",
    });
    assert.deepEqual(
      listed
        .trim()
        .split("\n")
        .map((line) => line.replaceAll(/\s+/g, " ")),
      [
        "drwxrwxrwt 0/0 0 1970-01-01 00:00 tmp/",
        "drwxr-xr-x 1000/1000 0 1970-01-01 00:00 home/",
        "-rw-r--r-- 0/0 7 1970-01-01 00:00 etc/text",
        "-rwxr-xr-x 0/0 1000 1970-01-01 00:00 bin/file",
      ],
    );
  });

  test("the same entries make the same bytes, whatever the files' times", async () => {
    const first = await archive(entries());
    await writeFile(source, "x".repeat(1_000));
    assert.ok(first.equals(await archive(entries())));
  });

  test("its length is a whole number of blocks, with two empty ones at the end", async () => {
    const bytes = await archive(entries());
    assert.equal(bytes.length % 512, 0);
    assert.ok(bytes.subarray(-1024).every((byte) => byte === 0));
  });

  test("a path that does not fit is refused", async () => {
    const path = "a".repeat(101);
    await assert.rejects(archive([{ path, mode: 0o644, content: { kind: "text", text: "" } }]), {
      message: `Cannot put ${path} into an archive as its path has more than 100 bytes`,
    });
  });
});
