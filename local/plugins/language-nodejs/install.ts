import type { ServerWritableStream } from "@grpc/grpc-js";
import languageProto, {
  type InstallDependenciesRequest,
  type InstallDependenciesResponse,
} from "@pulumi/pulumi/proto/language_pb.js";
import { start } from "./child.ts";
import { choosePackageManager, installArguments, workspaceRoot } from "./package-manager.ts";
import { readProgram } from "./program.ts";
import { forward } from "./rpc.ts";

/**
 * Installs a program's dependencies by its package manager, with the output streamed as it comes.
 * @throws Error where the package manager is missing or fails
 */
export async function installDependencies(
  call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
  cancelled: AbortSignal,
): Promise<void> {
  const { directory, options } = readProgram(call.request);
  const root = workspaceRoot(directory);
  const manager = choosePackageManager(options.packageManager, root);
  const say = (text: string) =>
    call.write(new languageProto.InstallDependenciesResponse().setStdout(Buffer.from(text)));

  say("Installing dependencies...\n\n");
  if (root !== directory) say(`Detected workspace root at ${root}\n`);
  const child = start(
    {
      executable: manager,
      args: installArguments(manager, options.production),
      directory: root,
      environment: process.env,
      stdio: ["ignore", "pipe", "pipe"],
    },
    cancelled,
  );
  const { stdout, stderr } = child.process;
  if (!stdout || !stderr) throw new Error(`Cannot read the output of ${manager} as it was not started with pipes`);
  const [exitCode] = await Promise.all([
    child.exitCode.catch((error: unknown) => {
      throw new Error(`Cannot install dependencies as ${manager} cannot be started: ${(error as Error).message}`, {
        cause: error,
      });
    }),
    forward(stdout, call, (bytes) => new languageProto.InstallDependenciesResponse().setStdout(bytes)),
    forward(stderr, call, (bytes) => new languageProto.InstallDependenciesResponse().setStderr(bytes)),
  ]);
  if (exitCode !== 0)
    throw new Error(`Cannot install dependencies in ${root} as ${manager} ended with exit code ${exitCode}`);
  say("Finished installing dependencies\n\n");
}
