import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { credentials } from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import languageProto, { type AboutResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { answer, Control, FakeEngine, Folder, programInfo, repository, waitingProgram } from "./host-fixture.ts";

const executable = join(repository, "local/plugins/bin/pulumi-language-nodejs");

async function startHost(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ child: ChildProcess; client: LanguageRuntimeClient }> {
  const child = spawn(executable, args, { stdio: ["ignore", "pipe", "inherit"], env: environment });
  assert(child.stdout);
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, client: new LanguageRuntimeClient(`127.0.0.1:${port}`, credentials.createInsecure()) };
}

test("the executable serves the port that it prints, with the engine's flags, until it is interrupted", async () => {
  await using engine = await FakeEngine.listen();
  const { child, client } = await startHost(["--logtostderr", "-v=9", "--tracing", "file:/dev/null", engine.address]);
  const request = new languageProto.AboutRequest().setInfo(programInfo(repository));
  const about = await answer<AboutResponse>((callback) => client.about(request, callback));
  assert.equal(about.getVersion(), process.version);
  assert.equal(about.getMetadataMap().get("packagemanager"), "npm");
  const exit = once(child, "exit");
  child.kill("SIGINT");
  assert.deepEqual(await exit, [0, null]);
  client.close();
});

test("an engine that was killed takes the host and its program with it", async () => {
  await using control = await Control.listen();
  await using folder = await Folder.of({ "launcher.js": waitingProgram });
  const engine = await FakeEngine.listen();
  const { child, client } = await startHost([engine.address], {
    ...process.env,
    CONTROL: String(control.port),
    PULUMI_LANGUAGE_NODEJS_RUN_PATH: join(folder.path, "launcher.js"),
  });
  const run = answer((callback) =>
    client.run(new languageProto.RunRequest().setInfo(programInfo(folder.path)), callback),
  );
  run.catch(() => undefined);
  await control.said("started");
  const ended = Promise.all([control.said("interrupted"), once(child, "exit")]);
  await engine[Symbol.asyncDispose]();
  await ended;
  client.close();
});
