import type { Readable } from "node:stream";
import type { ServerWritableStream } from "@grpc/grpc-js";
import type { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb.js";
import languageProto, { type RunPluginRequest, type RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { keepProxiesOffLoopback } from "../loopback.ts";
import { type Child, start } from "./child.ts";
import { offerDebugger, prepareDebugger } from "./debugger.ts";
import { resolveLauncher } from "./modules.ts";
import { PolicyProxy } from "./policy-proxy.ts";
import { readProgram, typescriptEnvironment } from "./program.ts";
import { forward } from "./rpc.ts";

type Call = ServerWritableStream<RunPluginRequest, RunPluginResponse>;

/**
 * Runs a plugin that is written for Node – a component provider, a dynamic tool, a policy pack – until it ends or the engine cancels
 * the call, and streams its output and at last its exit code.
 */
export async function runPlugin(call: Call, engineAddress: string, cancelled: AbortSignal): Promise<void> {
  const exitCode =
    call.request.getKind() === "analyzer"
      ? await runPolicyPack(call, engineAddress, cancelled)
      : await runProvider(call, engineAddress, cancelled);
  if (!cancelled.aborted) call.write(new languageProto.RunPluginResponse().setExitcode(exitCode));
}

async function runProvider(call: Call, engineAddress: string, cancelled: AbortSignal): Promise<number> {
  const { directory } = readProgram(call.request);
  const child = await launch(
    call.request,
    engineAddress,
    {
      launcher: "run-plugin",
      args: [directory, ...call.request.getArgsList()],
      directory: call.request.getPwd(),
      environment: {},
    },
    cancelled,
  );
  const [exitCode] = await Promise.all([
    child.exitCode,
    stdout(call, output(child.process.stdout)),
    stderr(call, child),
  ]);
  return exitCode;
}

/**
 * A policy pack reads its stack's config from the environment, yet the engine says it by `ConfigureStack`, on a connection to a plugin
 * that runs: so a proxy stands in for the pack until then, and passes every call on afterwards.
 */
async function runPolicyPack(call: Call, engineAddress: string, cancelled: AbortSignal): Promise<number> {
  const { directory } = readProgram(call.request);
  await using proxy = await PolicyProxy.listen();
  call.write(new languageProto.RunPluginResponse().setStdout(Buffer.from(`${proxy.port}\n`)));
  const configuration = await proxy.configuration(cancelled);
  const child = await launch(
    call.request,
    engineAddress,
    {
      launcher: "run-policy-pack",
      args: [...call.request.getArgsList(), directory],
      directory,
      environment: configuration ? stackEnvironment(configuration) : {},
    },
    cancelled,
  );
  const [exitCode] = await Promise.all([
    child.exitCode,
    stdout(call, proxy.attach(output(child.process.stdout))),
    stderr(call, child),
  ]);
  return exitCode;
}

/** The stack of a policy pack, where the SDK's `pulumi.getStack()` and `new pulumi.Config()` look for it. */
export function stackEnvironment(stack: AnalyzerStackConfigureRequest): Record<string, string> {
  const variables = {
    PULUMI_NODEJS_ORGANIZATION: stack.getOrganization(),
    PULUMI_NODEJS_PROJECT: stack.getProject(),
    PULUMI_NODEJS_STACK: stack.getStack(),
    PULUMI_NODEJS_DRY_RUN: String(stack.getDryRun()),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(stack.getConfigMap().toArray())),
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}

interface Launch {
  readonly launcher: "run-plugin" | "run-policy-pack";
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function launch(
  request: RunPluginRequest,
  engineAddress: string,
  { launcher, args, directory, environment }: Launch,
  cancelled: AbortSignal,
): Promise<Child> {
  const program = readProgram(request);
  const module = resolveLauncher(launcher, program.directory);
  const inspector = request.getAttachDebugger() ? await prepareDebugger() : undefined;
  const variables = environmentOf(request.getEnvList());
  keepProxiesOffLoopback(variables);
  const child = start(
    {
      executable: process.execPath,
      args: [...program.options.nodeArguments, ...(inspector?.nodeArguments ?? []), module, ...args],
      directory,
      environment: { ...variables, ...typescriptEnvironment(program.options), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    },
    cancelled,
  );
  if (inspector)
    await offerDebugger(engineAddress, `Pulumi: Plugin (${request.getName()})`, child.process, inspector.port);
  return child;
}

function environmentOf(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((variable) => {
      const equals = variable.indexOf("=");
      return [variable.slice(0, equals), variable.slice(equals + 1)];
    }),
  );
}

function output(stream: Readable | null): Readable {
  if (!stream) throw new Error("Cannot read a plugin's output as it was not started with a pipe");
  return stream;
}

async function stdout(call: Call, stream: Readable): Promise<void> {
  await forward(stream, call, (bytes) => new languageProto.RunPluginResponse().setStdout(bytes));
}

async function stderr(call: Call, child: Child): Promise<void> {
  await forward(output(child.process.stderr), call, (bytes) => new languageProto.RunPluginResponse().setStderr(bytes));
}
