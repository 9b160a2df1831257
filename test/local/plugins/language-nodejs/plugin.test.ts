import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { PassThrough } from "node:stream";
import { join } from "node:path";
import { test } from "node:test";
import { credentials, status, type ServiceError } from "@grpc/grpc-js";
import analyzerProto from "@pulumi/pulumi/proto/analyzer_pb.js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import languageProto, { type RunPluginRequest, type RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { answer, Control, FakeEngine, Folder, HostUnderTest, programInfo, waitingProgram } from "./host-fixture.ts";

/** What came out of a plugin until its end. */
interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
  readonly error: ServiceError | undefined;
}

function start(host: HostUnderTest, request: RunPluginRequest) {
  const call = host.client.runPlugin(request);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const { promise, resolve } = Promise.withResolvers<Pick<Ended, "exitCode" | "error">>();
  let exitCode: number | undefined;
  call.on("data", (message: RunPluginResponse) => {
    if (message.hasStdout()) stdout.write(message.getStdout_asU8());
    if (message.hasStderr()) stderr.write(message.getStderr_asU8());
    if (message.hasExitcode()) exitCode = message.getExitcode();
  });
  call.on("error", (error: ServiceError) => resolve({ exitCode, error }));
  call.on("end", () => resolve({ exitCode, error: undefined }));
  void promise.then(() => {
    stdout.end();
    stderr.end();
  });
  const ended = async (): Promise<Ended> => ({
    stdout: await text(stdout),
    stderr: await text(stderr),
    ...(await promise),
  });
  return { call, stdout, ended };
}

async function firstLine(output: PassThrough): Promise<string> {
  let line = "";
  for await (const chunk of output.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    line += chunk.toString();
    if (line.includes("\n")) break;
  }
  return line.trim();
}

function pluginRequest(
  folder: Folder,
  kind: "resource" | "analyzer",
  environment: NodeJS.ProcessEnv,
): RunPluginRequest {
  return new languageProto.RunPluginRequest()
    .setKind(kind)
    .setName("under-test")
    .setPwd(folder.path)
    .setInfo(programInfo(folder.path))
    .setArgsList(["127.0.0.1:1"])
    .setEnvList(Object.entries(environment).map(([name, value]) => `${name}=${value}`));
}

/** Puts a launcher of the test's own in place of the SDK's. */
async function withLauncher(source: string): Promise<Folder> {
  return Folder.of({ "node_modules/@pulumi/pulumi/cmd/run-plugin/index.js": source });
}

test("a plugin's output and exit code are passed on, environment and arguments to it", async () => {
  await using engine = await FakeEngine.listen();
  await using folder = await withLauncher(`
    console.log(JSON.stringify([process.argv.slice(2), process.cwd(), process.env.COLOUR]));
    console.error("goodbye");
    process.exitCode = 3;
  `);
  await using host = await HostUnderTest.listen(engine.address);
  const ended = await start(host, pluginRequest(folder, "resource", { COLOUR: "a=b" })).ended();
  assert.deepEqual(ended, {
    stdout: `${JSON.stringify([[folder.path, "127.0.0.1:1"], folder.path, "a=b"])}\n`,
    stderr: "goodbye\n",
    exitCode: 3,
    error: undefined,
  });
});

test("large output arrives whole, and without a warning on the way", async (context) => {
  const warnings: Error[] = [];
  const warned = (warning: Error) => warnings.push(warning);
  process.on("warning", warned);
  context.after(() => process.off("warning", warned));
  await using engine = await FakeEngine.listen();
  await using folder = await withLauncher(`process.stdout.write("x".repeat(5_000_000));`);
  await using host = await HostUnderTest.listen(engine.address);
  const { stdout, exitCode } = await start(host, pluginRequest(folder, "resource", {})).ended();
  assert.equal(stdout.length, 5_000_000);
  assert.equal(exitCode, 0);
  assert.deepEqual(warnings, []);
});

test("a cancelled call ends the plugin", async () => {
  await using control = await Control.listen();
  await using engine = await FakeEngine.listen();
  await using folder = await withLauncher(waitingProgram);
  await using host = await HostUnderTest.listen(engine.address);
  const plugin = start(host, pluginRequest(folder, "resource", { CONTROL: String(control.port) }));
  await control.said("started");
  const interrupted = control.said("interrupted");
  plugin.call.cancel();
  await interrupted;
  assert.equal((await plugin.ended()).error?.code, status.CANCELLED);
});

const pack = `
const pulumi = require("@pulumi/pulumi");
const { PolicyPack } = require("@pulumi/policy");
const stack = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack(), new pulumi.Config("shop").get("replicas")].join(" ");
new PolicyPack("pack", { policies: [
  { name: "says-its-stack", description: stack, enforcementLevel: "mandatory", validateResource: () => {} },
] });
`;

const packFiles = { "package.json": '{ "name": "pack", "version": "1.2.3" }', "index.js": pack };

test("a policy pack knows its stack's config from its first line on", async () => {
  await using engine = await FakeEngine.listen();
  await using folder = await Folder.withPackages(packFiles);
  await using host = await HostUnderTest.listen(engine.address);
  const plugin = start(host, pluginRequest(folder, "analyzer", process.env));
  const analyzer = new AnalyzerClient(`127.0.0.1:${await firstLine(plugin.stdout)}`, credentials.createInsecure());
  const configure = new analyzerProto.AnalyzerStackConfigureRequest()
    .setOrganization("acme")
    .setProject("shop")
    .setStack("dev");
  configure.getConfigMap().set("shop:replicas", "3");
  await answer((callback) => analyzer.configureStack(configure, callback));
  const info = await answer<AnalyzerInfo>((callback) => analyzer.getAnalyzerInfo(new emptyProto.Empty(), callback));
  assert.deepEqual(
    info.getPoliciesList().map((policy) => policy.getDescription()),
    ["acme shop dev 3"],
  );
  analyzer.close();
  plugin.call.cancel();
  assert.equal((await plugin.ended()).error?.code, status.CANCELLED);
});

test("a policy pack that does not start is reported to who asks it", async () => {
  await using engine = await FakeEngine.listen();
  await using folder = await Folder.withPackages({ ...packFiles, "index.js": "process.exit(5)" });
  await using host = await HostUnderTest.listen(engine.address);
  const plugin = start(host, pluginRequest(folder, "analyzer", process.env));
  const analyzer = new AnalyzerClient(`127.0.0.1:${await firstLine(plugin.stdout)}`, credentials.createInsecure());
  const info = answer((callback) => analyzer.getAnalyzerInfo(new emptyProto.Empty(), callback));
  await assert.rejects(info, /Policy pack not started: it ended before it told its port/);
  assert.equal((await plugin.ended()).exitCode, 5);
  analyzer.close();
});

test("a policy pack that is cancelled before it is configured never starts", async () => {
  await using engine = await FakeEngine.listen();
  await using folder = await Folder.withPackages({
    ...packFiles,
    "index.js": `require("node:fs").writeFileSync(__dirname + "/ran", "")`,
  });
  await using host = await HostUnderTest.listen(engine.address);
  const plugin = start(host, pluginRequest(folder, "analyzer", process.env));
  await firstLine(plugin.stdout);
  plugin.call.cancel();
  assert.equal((await plugin.ended()).error?.code, status.CANCELLED);
  await host[Symbol.asyncDispose]();
  await assert.rejects(async () => import(join(folder.path, "ran")));
});
