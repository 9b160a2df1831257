import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { execute } from "./support/stack.ts";

const root = join(import.meta.dirname, "..", "..");

const program = `
import { DestinationRule, Gateway, VirtualService } from "tcp-ingress";

const rule = new DestinationRule("pg", { host: "pg.payments.svc.cluster.local", port: 5432, subsets: { v1: { version: "v1" }, v2: { version: "v2" } } });
const gateway = new Gateway("pg", { tcp: 5432 });
new VirtualService("pg", { tcp: [gateway.tcp.to(rule.split({ v1: 95, v2: 5 }))] });
`;

suite("the package in a program of somebody else", () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  const succeed = async (command: string, ...args: string[]) => {
    const { code, text } = await execute(command, args, env);
    assert.equal(code, 0, text);
    return text;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tcp-ingress-program-"));
    await mkdir(join(folder, "state"));
    env = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    const tarball =
      (await succeed(process.execPath, join(root, "scripts", "pack.ts"), folder)).trim().split("\n").at(-1) ?? "";
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "mine", private: true, type: "module" }));
    await succeed(
      "npm",
      "install",
      "--prefix",
      folder,
      "--ignore-scripts",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      tarball,
    );
    await writeFile(
      join(folder, "Pulumi.yaml"),
      "name: mine\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.js\n",
    );
    await writeFile(join(folder, "index.js"), program);
    await succeed("pulumi", "--cwd", folder, "--non-interactive", "stack", "init", "mine");
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test("previews a route that it declares", async () => {
    const text = await succeed(
      "pulumi",
      "--cwd",
      folder,
      "--non-interactive",
      "--color",
      "never",
      "preview",
      "--stack",
      "mine",
    );
    for (const kind of ["Gateway", "DestinationRule", "VirtualService"]) {
      assert.match(text, new RegExp(`kubernetes:networking\\.istio\\.io/v1:${kind} +pg +create`));
    }
  });

  test("is told in the preview of a route that cannot work", async () => {
    await writeFile(join(folder, "index.js"), program.replace("v2: 5 }", "v3: 5 }"));
    const { code, text } = await execute(
      "pulumi",
      ["--cwd", folder, "--non-interactive", "--color", "never", "preview", "--stack", "mine"],
      env,
    );
    assert.notEqual(code, 0, text);
    assert.match(
      text,
      /tcp-ingress:index:VirtualService \(pg\):\s+error: VirtualService default\/pg \(index\.js:6\): Referenced host\+subset in destinationrule not found: "pg\.payments\.svc\.cluster\.local\+v3"/,
    );
    assert.doesNotMatch(text, /kubernetes:networking/);
  });
});
