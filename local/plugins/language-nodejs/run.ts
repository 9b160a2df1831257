import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import languageProto, { type RunResponse } from "@pulumi/pulumi/proto/language_pb.js";
import { start } from "./child.ts";
import { offerDebugger, prepareDebugger } from "./debugger.ts";
import { resolveLauncher } from "./modules.ts";
import { type Program, readProgram, typescriptEnvironment } from "./program.ts";

/** The SDK's launcher ends with this where it has told the user what is wrong, so that nobody says it again. */
const exitAfterActionableMessage = 32;

/** What V8 prints when the heap is full. */
const outOfMemory = "<--- Last few GCs --->";

/**
 * Runs a program to its end, with its output as this process's own. What goes wrong is an answer, not an error: the engine
 * shows `error` to the user, and with `bail` only ends, as the program has said it all.
 */
export async function run(request: RunRequest, engineAddress: string, cancelled: AbortSignal): Promise<RunResponse> {
  const response = new languageProto.RunResponse();
  try {
    const { exitCode, memoryWasFull } = await execute(request, engineAddress, cancelled);
    if (exitCode === exitAfterActionableMessage) response.setBail(true);
    else if (exitCode !== 0) response.setError(failure(exitCode, memoryWasFull));
  } catch (error) {
    response.setError(error instanceof Error ? error.message : String(error));
  }
  return response;
}

async function execute(
  request: RunRequest,
  engineAddress: string,
  cancelled: AbortSignal,
): Promise<{ exitCode: number; memoryWasFull: boolean }> {
  if (engineAddress === "")
    throw new Error("Cannot run a program as no engine has made itself known; call Handshake before Run");
  const program = readProgram(request);
  const launcher = resolveLauncher("run", program.directory);
  const inspector = request.getAttachDebugger() ? await prepareDebugger() : undefined;
  const child = start(
    {
      executable: process.execPath,
      args: [
        ...program.options.nodeArguments,
        ...(inspector?.nodeArguments ?? []),
        launcher,
        ...launcherArguments(request, program, engineAddress),
      ],
      directory: process.cwd(),
      environment: { ...process.env, ...programEnvironment(request, program) },
      stdio: ["ignore", "inherit", "pipe"],
    },
    cancelled,
  );
  let memoryWasFull = false;
  let line = "";
  child.process.stderr?.on("data", (chunk: Buffer) => {
    line = (line + chunk.toString("latin1")).slice(-1_000);
    memoryWasFull ||= line.includes(outOfMemory);
  });
  child.process.stderr?.pipe(process.stderr, { end: false });
  if (inspector) await offerDebugger(engineAddress, "Pulumi: Program (nodejs)", child.process, inspector.port);
  return { exitCode: await child.exitCode, memoryWasFull };
}

/** The command line of `@pulumi/pulumi/cmd/run`. */
export function launcherArguments(request: RunRequest, program: Program, engineAddress: string): string[] {
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": program.rootDirectory,
    stack: request.getStack(),
    pwd: program.directory,
    parallel: String(request.getParallel()),
  };
  return [
    ...Object.entries(flags).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    program.entryPoint,
    ...request.getArgsList(),
  ];
}

/** What a program reads of its stack's config, secrets included, and how it wants to be loaded. */
export function programEnvironment(request: RunRequest, program: Program): Record<string, string> {
  // SDKs before 1.0 know config keys as `project:config:key` alone; those after know both forms.
  const config = request
    .getConfigMap()
    .toArray()
    .map(([key, value]) => [key.replace(/^([^:]+):(?:config:)?/, "$1:config:"), value] as const);
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config.toSorted())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    ...typescriptEnvironment(program.options),
  };
}

function failure(exitCode: number, memoryWasFull: boolean): string {
  const message = `Program exited with non-zero exit code: ${exitCode}`;
  if (!memoryWasFull) return message;
  return (
    `${message}. Detected a possible out of memory error. Consider increasing the memory available to the nodejs process by setting ` +
    "the `nodeargs` runtime option in Pulumi.yaml to `nodeargs: --max-old-space-size=<size>` where `<size>` is the maximum memory in " +
    "megabytes that can be allocated to nodejs. See https://www.pulumi.com/docs/concepts/projects/project-file/#runtime-options"
  );
}
