import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { bundle } from "../../app/bundle.ts";
import { buildContext } from "../../app/index.ts";
import { start } from "./support/program.ts";

const root = join(import.meta.dirname, "../..");
let folder: string;
before(async () => {
  // In the repository's own file system: packages are linked into the copy.
  await mkdir(join(root, ".local"), { recursive: true });
  folder = await mkdtemp(join(root, ".local", "bundle-test-"));
});
after(() => rm(folder, { recursive: true }));

async function contents(context: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const path of (await readdir(context, { recursive: true })).sort()) {
    if ((await stat(join(context, path))).isFile()) files.set(path, await readFile(join(context, path), "latin1"));
  }
  return files;
}

for (const name of ["gateway", "tcp-echo"] as const) {
  test(`the context of ${name} is the same wherever its sources are, and small`, async () => {
    const here = await bundle(name, join(folder, `${name}-here`));
    const elsewhere = join(folder, `${name}-sources`);
    for (const part of ["app", "routing"]) await cp(join(root, part), join(elsewhere, part), { recursive: true });
    await cp(join(root, "package.json"), join(elsewhere, "package.json"));
    execFileSync("cp", ["-al", join(root, "node_modules"), elsewhere]);
    const there = await bundle(name, join(folder, `${name}-there`), elsewhere);

    const files = await contents(here);
    const others = await contents(there);
    assert.deepEqual([...others.keys()], [...files.keys()]);
    for (const [path, text] of files) assert.ok(others.get(path) === text, `${path} differs`);
    assert.ok(files.has("Dockerfile") && files.has("app/main.js"));
    assert.ok([...files.values()].every((text) => !text.includes(root) && !text.includes(folder)));
    const size = [...files.values()].reduce((sum, text) => sum + text.length, 0);
    assert.ok(size < 2e6, `${size} bytes`);
  });
}

test("of Node's HTTP and of the API server's client the gateway takes what it uses", async () => {
  const files = [...(await contents(join(folder, "gateway-here")))].filter(([path]) => path.endsWith(".js"));
  const holding = (pattern: RegExp): string[] => files.filter(([, text]) => pattern.test(text)).map(([path]) => path);
  assert.deepEqual(holding(/(from|import) *"(node:)?http"/), []);
  assert.ok(holding(/getBuiltinModule\("node:http"\)/).length > 0);
  assert.ok(holding(/loadFromDefault/).length > 0);
  assert.deepEqual(holding(/MutatingWebhookConfiguration|ValidatingAdmissionPolicy/), []);
});

test("a context made again holds the same files with the same times, and none from before", async () => {
  const context = await buildContext("tcp-echo");
  const times = async () =>
    Promise.all([...(await contents(context)).keys()].map(async (path) => (await stat(join(context, path))).mtimeMs));
  const before = await times();
  assert.equal(await buildContext("tcp-echo"), context);
  assert.deepEqual(await times(), before);
});

test("a bundle runs on its own, as plain JavaScript", async () => {
  const echo = await bundle("tcp-echo", join(folder, "run-echo"));
  await using program = start(join(echo, "app/main.js"), [], { TCP_PORT: "0" });
  await program.line(/Listening on TCP port/);
  const gateway = await bundle("gateway", join(folder, "run-gateway"));
  await using refused = start(join(gateway, "app/main.js"), []);
  assert.equal((await refused.exit).code, 1);
  assert.deepEqual(refused.stderr, ["Cannot start as POD_NAME is not set: give it by the downward API"]);
});
