import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { launcher } from "./support.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tcp-ingress-launcher-"));
  await symlink(launcher, join(folder, "tcp-ingress"));
  await writeFile(
    join(folder, "config.yaml"),
    "apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec: {servers: [{port: {number: 1, name: a, protocol: TCP}, hosts: ['*']}]}\n",
  );
});

after(async () => {
  await rm(folder, { recursive: true });
});

function start(...args: readonly string[]): ReturnType<typeof spawn> {
  return spawn(process.execPath, [join(folder, "tcp-ingress"), ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

test("runs through a link from any folder and passes the exit code on", async () => {
  const child = start("analyze", "--complete", "config.yaml");
  child.stdout?.resume();
  assert.deepEqual(await once(child, "exit"), [1, null]);
});

test("passes a signal on and waits for what the program makes of it", async () => {
  const child = start("gateway", "--config", "config.yaml", "--admin", "127.0.0.1:0");
  assert.ok(child.stdout !== null);
  // The first line comes when the gateway is up; it has no route, and so no listener.
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  assert.deepEqual((JSON.parse(line) as { listeners: unknown[] }).listeners, []);
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});
