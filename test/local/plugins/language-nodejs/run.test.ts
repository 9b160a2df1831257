import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, suite, test } from "node:test";
import { status, type ServiceError } from "@grpc/grpc-js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import languageProto, { type RunRequest, type RunResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { answer, Control, FakeEngine, Folder, HostUnderTest, programInfo, waitingProgram } from "./host-fixture.ts";

/** Stands in for `@pulumi/pulumi/cmd/run`: writes down how it was started, and ends as it is told by its last argument. */
const launcher = `
const { PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_TYPESCRIPT } = process.env;
require("node:fs").writeFileSync(__dirname + "/started.json", JSON.stringify({
  args: process.argv.slice(2), execArgv: process.execArgv, PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS, PULUMI_NODEJS_TYPESCRIPT,
}));
const end = process.argv.at(-1);
if (end === "wait") {
  ${waitingProgram}
} else if (end === "heap") {
  console.error("<--- Last few GCs --->");
  process.exit(134);
} else process.exit(Number(end));
`;

suite("Run", () => {
  let control: Control;
  let engine: FakeEngine;
  let folder: Folder;
  let host: HostUnderTest;

  before(async () => {
    control = await Control.listen();
    engine = await FakeEngine.listen();
    folder = await Folder.of({ "launcher.js": launcher });
    process.env["CONTROL"] = String(control.port);
    process.env["PULUMI_LANGUAGE_NODEJS_RUN_PATH"] = join(folder.path, "launcher.js");
  });
  beforeEach(async () => {
    host = await HostUnderTest.listen(engine.address);
  });
  afterEach(async () => {
    await host[Symbol.asyncDispose]();
    await rm(join(folder.path, "started.json"), { force: true });
  });
  after(async () => {
    delete process.env["PULUMI_LANGUAGE_NODEJS_RUN_PATH"];
    delete process.env["CONTROL"];
    await control[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  const request = (end: string, options: Record<string, string | boolean> = {}): RunRequest => {
    const message = new languageProto.RunRequest()
      .setInfo(programInfo(folder.path, options))
      .setProject("shop")
      .setStack("dev")
      .setOrganization("organization")
      .setMonitorAddress("127.0.0.1:1")
      .setParallel(16)
      .setDryrun(true)
      .setArgsList([end])
      .setConfigsecretkeysList(["shop:token"]);
    message.getConfigMap().set("shop:replicas", "3").set("shop:config:token", "hush");
    return message;
  };
  const run = (end: string, options?: Record<string, string | boolean>): Promise<RunResponse> =>
    answer((callback) => host.client.run(request(end, options), callback));
  const started = async (): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(folder.path, "started.json"), "utf8")) as Record<string, unknown>;

  test("hands the launcher the stack, its config and the runtime options", async () => {
    const response = await run("0", { typescript: false, nodeargs: "--stack-trace-limit=7" });
    assert.deepEqual(response.toObject(), { error: "", bail: false });
    assert.deepEqual(await started(), {
      args: [
        ...[
          "--monitor",
          "127.0.0.1:1",
          "--engine",
          engine.address,
          "--organization",
          "organization",
          "--project",
          "shop",
        ],
        ...[
          "--root-directory",
          folder.path,
          "--stack",
          "dev",
          "--pwd",
          folder.path,
          "--parallel",
          "16",
          "--dry-run",
          ".",
          "0",
        ],
      ],
      execArgv: ["--stack-trace-limit=7"],
      PULUMI_CONFIG: JSON.stringify({ "shop:config:replicas": "3", "shop:config:token": "hush" }),
      PULUMI_CONFIG_SECRET_KEYS: '["shop:token"]',
    });
  });

  test("has TypeScript loaded by ts-node unless told otherwise", async () => {
    await run("0");
    assert.equal((await started())["PULUMI_NODEJS_TYPESCRIPT"], "true");
  });

  test("passes a program's exit code on", async () => {
    assert.deepEqual((await run("7")).toObject(), { error: "Program exited with non-zero exit code: 7", bail: false });
  });

  test("bails out in silence where the program has said its error", async () => {
    assert.deepEqual((await run("32")).toObject(), { error: "", bail: true });
  });

  test("says what helps where the heap was full", async () => {
    assert.match(
      (await run("heap")).getError(),
      /exit code: 134\. Detected a possible out of memory error.*--max-old-space-size/,
    );
  });

  test("answers a wrong option as the program's error", async () => {
    assert.equal(
      (await run("0", { typescript: "yes" })).getError(),
      'Runtime option typescript must be true or false, not "yes"',
    );
  });

  test("a debugged program waits before its first line, and the engine is told where", async () => {
    const running = answer<RunResponse>((callback) => host.client.run(request("0").setAttachDebugger(true), callback));
    const offer = await engine.debugger;
    const config = offer.getConfig()?.toJavaScript() ?? {};
    assert.deepEqual([config["type"], config["request"]], ["node", "attach"]);
    assert.match(offer.getMessage(), new RegExp(`^on process id ${String(config["processId"])}`));
    await assert.rejects(readFile(join(folder.path, "started.json")), { code: "ENOENT" });
    await answer((callback) => host.client.cancel(new emptyProto.Empty(), callback));
    assert.equal((await running).getError(), "Program exited with non-zero exit code: -1");
  });

  test("Cancel interrupts the program", async () => {
    const running = run("wait");
    await control.said("started");
    const interrupted = control.said("interrupted");
    await answer((callback) => host.client.cancel(new emptyProto.Empty(), callback));
    await interrupted;
    assert.equal((await running).getError(), "Program exited with non-zero exit code: 130");
  });

  test("a cancelled call interrupts the program", async () => {
    const { promise, resolve } = Promise.withResolvers<ServiceError | null>();
    const call = host.client.run(request("wait"), (error) => resolve(error));
    await control.said("started");
    const interrupted = control.said("interrupted");
    call.cancel();
    await interrupted;
    assert.equal((await promise)?.code, status.CANCELLED);
  });

  test("the end of the host interrupts the program", async () => {
    const running = run("wait").catch((error: unknown) => error);
    await control.said("started");
    const interrupted = control.said("interrupted");
    await host[Symbol.asyncDispose]();
    await interrupted;
    await running;
  });
});

test("says how to install an SDK that is missing", async () => {
  await using engine = await FakeEngine.listen();
  await using folder = await Folder.of({});
  await using host = await HostUnderTest.listen(engine.address);
  const request = new languageProto.RunRequest().setInfo(programInfo(folder.path));
  const response = await answer<RunResponse>((callback) => host.client.run(request, callback));
  assert.equal(
    response.getError(),
    "It looks like the Pulumi SDK has not been installed. Have you run pulumi install?",
  );
});

test("runs nothing for an engine that has not made itself known", async () => {
  await using host = await HostUnderTest.listen("");
  const response = await answer<RunResponse>((callback) => host.client.run(new languageProto.RunRequest(), callback));
  assert.match(response.getError(), /call Handshake before Run/);
});

test("answers UNIMPLEMENTED to what takes the code generator", async () => {
  await using host = await HostUnderTest.listen("");
  const link = answer((callback) => host.client.link(new languageProto.LinkRequest(), callback));
  await assert.rejects(link, { code: status.UNIMPLEMENTED });
});
