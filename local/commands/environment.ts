import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { status } from "../cluster/index.ts";
import { provide, type Progress, type Toolchain } from "../toolchain/index.ts";
import { withCompileCache } from "./compile-cache.ts";
import { CommandFailure } from "./failure.ts";
import { localStack, localStackName } from "./local-stack.ts";
import { lockLocal } from "./lock.ts";
import { repository } from "./paths.ts";
import { choosePolicy, requirePreview } from "./policy.ts";
import { readRecord } from "./record.ts";
import { readStackFile } from "./stack-file.ts";

/** What Pulumi does with an environment. */
export type Operation = "preview" | "up";

/**
 * Runs `pulumi preview` or `pulumi up` on an environment, on this terminal, with the policy pack and its configuration for that environment. Stack `local`
 * is that of `npm run local`; others are where the user is logged in.
 *
 * @param stack its name, perhaps with its organization before a slash
 * @returns Pulumi's exit code
 * @throws {CommandFailure} where a flag would leave out what the policy pack is judged by
 */
export async function operate(
  operation: Operation,
  stack: string,
  flags: readonly string[],
  progress: Progress,
): Promise<number> {
  requirePreview(flags);
  const toolchain = await provide(["pulumi"], progress);
  const policy = choosePolicy(stack);
  console.error(policy.notice);
  const args = [operation, "--stack", stack, ...policy.flags, ...flags];
  if (stack !== localStackName) return onTerminal(toolchain, args, withCompileCache(toolchain.env));
  await using _lock = await lockLocal(progress.signal);
  const local = await runningLocalStack(toolchain);
  return await onTerminal(toolchain, [...args, "--config-file", local.configFile], local.env);
}

async function runningLocalStack(toolchain: Toolchain) {
  const record = await readRecord();
  const cluster = record?.target.kind === "own" ? await status("local") : undefined;
  if (record === undefined || (record.target.kind === "own" && cluster === undefined)) {
    throw new CommandFailure("Stack local has no cluster, as none is running", { advice: "Start it: npm run local" });
  }
  return localStack(record.target, await readStackFile(localStackName), cluster, toolchain);
}

/**
 * Runs Pulumi with this process's terminal. Ctrl-C reaches it from the terminal itself; other ways to be ended are passed on as the same, which Pulumi
 * takes as a request to wind up.
 */
function onTerminal(toolchain: Toolchain, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(toolchain.bin, "pulumi"), args, { cwd: repository, env, stdio: "inherit" });
    const windUp = () => void child.kill("SIGINT");
    for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, windUp);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      for (const each of ["SIGTERM", "SIGHUP"]) process.off(each, windUp);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
