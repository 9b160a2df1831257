import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { parse } from "yaml";
import { renderConfig } from "../../../local/commands/rendering.ts";
import { composeStackFile, passphraseOf, readStackFile } from "../../../local/commands/stack-file.ts";

suite("a composed stack file", () => {
  let folder: string;
  let path: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "stack-file-"));
    path = join(folder, "deep", "Pulumi.local.yaml");
  });
  after(() => rm(folder, { recursive: true }));

  test("adds values to the tracked ones, which win", async () => {
    await composeStackFile(
      path,
      { config: { "tcp-ingress:registry": "mine" } },
      { registry: "10.0.0.1:5000", nodeImage: "n" },
    );
    assert.deepEqual(parse(await readFile(path, "utf8")), {
      config: { "tcp-ingress:registry": "mine", "tcp-ingress:nodeImage": "n" },
    });
  });

  test("keeps the salt that Pulumi has added", async () => {
    await writeFile(path, "config: {}\nencryptionsalt: v1:abc\n");
    await composeStackFile(path, { config: { a: 1 } }, {});
    assert.deepEqual(parse(await readFile(path, "utf8")), { config: { a: 1 }, encryptionsalt: "v1:abc" });
  });

  test("is for its owner's eyes alone", async () => {
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  test("keeps how a user encrypts secrets", async () => {
    await composeStackFile(path, { encryptionsalt: "v1:tracked", secretsprovider: "passphrase" }, {});
    assert.deepEqual(parse(await readFile(path, "utf8")), {
      encryptionsalt: "v1:tracked",
      secretsprovider: "passphrase",
      config: {},
    });
    assert.equal(passphraseOf({ encryptionsalt: "v1:tracked" }), "user");
    assert.equal(passphraseOf({}), "own");
  });

  test("is the tracked one of an environment, or nothing where there is none", async () => {
    assert.ok((await readStackFile("local")).config);
    assert.deepEqual(await readStackFile("no-such-environment"), {});
  });

  test("for rendering names a folder and no cluster", () => {
    const config = { "tcp-ingress:kubeconfig": "k", "tcp-ingress:kubeContext": "c", "tcp-ingress:registry": "r" };
    assert.deepEqual(renderConfig(config, "/out"), { "tcp-ingress:registry": "r", "tcp-ingress:renderTo": "/out" });
  });
});
