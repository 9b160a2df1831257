import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";

const folder = join(import.meta.dirname, "..", "..", "..", "local", "plugins", "bin");

function start(name: string, args: readonly string[]): { child: ChildProcess; line: () => Promise<string> } {
  const child = spawn(join(folder, name), args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(child.stdout);
  return { child, line: async () => ((await once(lines, "line")) as [string])[0] };
}

async function end(child: ChildProcess): Promise<void> {
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

for (const [name, args, version] of [
  ["pulumi-resource-docker", [], "5.2.0"],
  // It wants an engine, and logs to it only when there is something to log.
  ["pulumi-resource-pulumi-nodejs", ["127.0.0.1:1"], undefined],
] as const) {
  test(`${name} serves the port that it prints`, async () => {
    const { child, line } = start(name, args);
    const client = new ResourceProviderClient(`127.0.0.1:${await line()}`, credentials.createInsecure());
    const info = await new Promise<PluginInfo>((resolve, reject) => {
      client.getPluginInfo(new emptyProto.Empty(), (error, answer) => (error ? reject(error) : resolve(answer)));
    });
    if (version !== undefined) assert.equal(info.getVersion(), version);
    client.close();
    await end(child);
  });
}

test("pulumi-watch tells of a changed file by a line", async () => {
  const watched = await mkdtemp(join(tmpdir(), "pulumi-watch-"));
  try {
    const { child, line } = start("pulumi-watch", ["--origin", watched, "--watch", watched]);
    const told = line();
    // The watcher says nothing when it is ready.
    const writing = setInterval(() => void writeFile(join(watched, "index.ts"), String(Math.random())), 500);
    assert.equal(await told, "index.ts");
    clearInterval(writing);
    await end(child);
  } finally {
    await rm(watched, { recursive: true });
  }
});
