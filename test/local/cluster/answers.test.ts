import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { whyNoAnswer } from "../../../local/cluster/answers.ts";

let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), "answers-"))));
after(() => rm(folder, { recursive: true }));

async function kubeconfig(text: string): Promise<string> {
  const file = join(folder, "kubeconfig");
  await writeFile(file, text);
  return file;
}

suite("why a cluster does not answer", () => {
  test("no such file", async () => {
    assert.match((await whyNoAnswer(join(folder, "missing"))) ?? "", /^the kubeconfig cannot be read \(ENOENT/);
  });

  test("no current context", async () => {
    const file = await kubeconfig("{ apiVersion: v1, kind: Config, clusters: [], users: [], contexts: [] }");
    assert.equal(await whyNoAnswer(file), "the kubeconfig names no current context");
  });

  test("nobody listens", async () => {
    const file = await kubeconfig(`
apiVersion: v1
kind: Config
current-context: one
clusters: [{ name: one, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: one, user: {} }]
contexts: [{ name: one, context: { cluster: one, user: one } }]
`);
    assert.match((await whyNoAnswer(file)) ?? "", /^https:\/\/127\.0\.0\.1:1 does not answer \(.*ECONNREFUSED/);
  });
});
