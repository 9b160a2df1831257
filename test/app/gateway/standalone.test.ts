import assert from "node:assert/strict";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Backend } from "../support/backend.ts";
import { Client } from "../support/client.ts";
import { manifests } from "../support/manifests.ts";
import { freePort } from "../support/ports.ts";
import { start, type Program } from "../support/program.ts";

interface Announcement {
  readonly listeners: readonly {
    readonly port: number;
    readonly state: string;
    readonly gateways: readonly string[];
  }[];
  readonly admin: string | null;
}

class Folder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<Folder> {
    return new Folder(await mkdtemp(join(tmpdir(), "tcp-ingress-")));
  }

  /** Replaces the file in one step, as an editor does. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.path, name);
    await writeFile(`${path}.part`, text);
    await rename(`${path}.part`, path);
    return path;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.path, { recursive: true });
  }
}

async function announced(program: Program): Promise<Announcement> {
  return JSON.parse(await program.line(/^\{"listeners"/)) as Announcement;
}

const run = (config: string, ...args: string[]): Program =>
  start("cli/main.ts", ["gateway", "--config", config, ...args], { LOG_LEVEL: "info" });

test("the first line tells listeners and admin address; then connections are served and logged", async () => {
  await using folder = await Folder.create();
  await using v1 = await Backend.named("v1");
  await using v2 = await Backend.named("v2");
  const [port1, port2] = [await freePort(), await freePort()];
  const config = await folder.write(
    "routes.yaml",
    manifests(
      [
        { port: port1, subset: "v1" },
        { port: port2, subset: "v2" },
      ],
      { v1: v1.port, v2: v2.port },
    ),
  );
  await using program = run(config, "--admin", "127.0.0.1:0");
  const { listeners, admin } = await announced(program);
  assert.deepEqual(program.stdout.length, 1);
  assert.deepEqual(
    listeners.map(({ port, state, gateways }) => [port, state, gateways]),
    [
      [port1, "open", [`default/gateway-${port1}`]],
      [port2, "open", [`default/gateway-${port2}`]],
    ].sort(),
  );

  for (const [port, subset] of [
    [port1, "v1"],
    [port2, "v2"],
  ] as const) {
    using client = await Client.open(port);
    assert.equal(await client.text("\n"), `${subset}\n`);
    client.end();
    await client.untilEnd();
  }
  await program.line(/"subset":"v2"/);
  const line = JSON.parse(program.stdout.find((text) => text.includes('"subset":"v1"')) ?? "") as Record<
    string,
    unknown
  >;
  assert.equal(line["listener"], port1);
  assert.equal(line["virtual_service"], "default/echo");
  assert.equal(line["upstream_host"], `127.0.0.1:${v1.port}`);
  assert.equal(line["response_flags"], "-");

  assert.equal((await fetch(`http://${admin}/healthz/ready`)).status, 200);
  assert.equal((await fetch(`http://${admin}/drain`, { method: "POST" })).status, 202);
  assert.deepEqual(await program.exit, { code: 0, signal: null });
});

test("SIGTERM serves what is open to its end, and the second signal doesn't wait", async () => {
  await using folder = await Folder.create();
  await using v1 = await Backend.named("v1");
  const port = await freePort();
  const config = await folder.write("routes.yaml", manifests([{ port, subset: "v1" }], { v1: v1.port }));
  await using program = run(config);
  assert.equal((await announced(program)).admin, null);
  using client = await Client.open(port);
  await client.text("v1");
  program.kill("SIGTERM");
  await program.line(/waiting for established connections/);
  client.send("still served");
  await client.text("still served");
  program.kill("SIGTERM");
  assert.equal(await client.closed, "RST");
  assert.deepEqual(await program.exit, { code: 0, signal: null });
  assert.match(program.stdout.at(-1) ?? "", /"closed_how":"drain"/);
});

test("wrong configuration at the start: one message that names file, line and object, exit code 1", async () => {
  await using folder = await Folder.create();
  const config = await folder.write(
    "routes.yaml",
    manifests([{ port: 31400, subset: "v1" }], {}).replace("number: 31400", "number: 314000"),
  );
  await using program = run(config);
  assert.equal((await program.exit).code, 1);
  assert.deepEqual(program.stdout, []);
  assert.equal(program.stderr.length, 1);
  assert.match(program.stderr[0] ?? "", /routes\.yaml:\d+ Gateway gateway-31400/);
});

for (const [what, args, message] of [
  [
    "a file that is not there",
    ["--config", "/nonexistent.yaml"],
    /Cannot read \/nonexistent\.yaml: there is no such file/,
  ],
] as const) {
  test(`${what}: one message, exit code 1`, async () => {
    await using program = start("cli/main.ts", ["gateway", ...args]);
    assert.equal((await program.exit).code, 1);
    assert.equal(program.stderr.length, 1);
    assert.match(program.stderr[0] ?? "", message);
  });
}

test("an engine that is not there: one message, exit code 2", async () => {
  await using program = start("cli/main.ts", ["gateway", "--config", "/nonexistent.yaml", "--engine", "warp"]);
  assert.equal((await program.exit).code, 2);
  assert.match(program.stderr.join("\n"), /Allowed choices are auto, net, epoll/);
});

test("nothing to serve, and nobody who could change that: it says so, exit code 1", async () => {
  await using folder = await Folder.create();
  const [gateway = ""] = manifests([{ port: 31400, subset: "v1" }], {}).split("---\n");
  const config = await folder.write("gateway.yaml", gateway);
  await using program = run(config);
  assert.equal((await program.exit).code, 1);
  assert.match(program.stderr.at(-1) ?? "", /^Cannot serve .*gateway\.yaml as no route leads from a listener/);
});

test("a port that is taken: one message, exit code 1", async () => {
  await using folder = await Folder.create();
  await using holder = await Backend.start(undefined, "::");
  const config = await folder.write("routes.yaml", manifests([{ port: holder.port, subset: "v1" }], { v1: 1 }));
  await using program = run(config);
  assert.equal((await program.exit).code, 1);
  assert.match(
    program.stderr.at(-1) ?? "",
    new RegExp(`Cannot listen on .*:${holder.port} as another program holds the port`),
  );
});

test("--watch follows changes; what is wrong leaves the old configuration in force", async () => {
  await using folder = await Folder.create();
  await using v1 = await Backend.named("v1");
  await using v2 = await Backend.named("v2");
  const port = await freePort();
  const ports = { v1: v1.port, v2: v2.port };
  const config = await folder.write("routes.yaml", manifests([{ port, subset: "v1" }], ports));
  await using program = run(config, "--watch", "--admin", "127.0.0.1:0");
  const { admin } = await announced(program);
  using old = await Client.open(port);
  await old.text("v1");

  await folder.write("routes.yaml", manifests([{ port, subset: "v2" }], ports));
  await program.line(/Configuration reloaded/);
  using young = await Client.open(port);
  await young.text("v2");

  await folder.write("routes.yaml", "apiVersion: [");
  await program.line(/The configuration from before stays/);
  using third = await Client.open(port);
  await third.text("v2");
  old.send("still here");
  await old.text("still here");
  const metrics = await (await fetch(`http://${admin}/metrics`)).text();
  assert.match(metrics, /^tcp_ingress_config_rejected_total 1$/m);
});
