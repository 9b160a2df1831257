import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { once } from "node:events";

/** How long a process may take to end after it was interrupted: what the official host grants. */
const endGraceMilliseconds = 5_000;

/** What to start, and where. */
export interface Command {
  readonly executable: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdio: StdioOptions;
}

/** A process that was started by {@link start}. */
export interface Child {
  readonly process: ChildProcess;
  /**
   * Its exit code once it has ended and its output is read, -1 where a signal ended it (as Go's `ExitCode` has it).
   * Rejects where it could not be started.
   */
  readonly exitCode: Promise<number>;
}

/** Starts a process, and ends it when `cancelled` aborts: SIGINT, so that it may clean up, and SIGKILL after a grace. */
export function start(command: Command, cancelled: AbortSignal): Child {
  cancelled.throwIfAborted();
  const { executable, args, directory, environment, stdio } = command;
  const child = spawn(executable, args, { cwd: directory, env: environment, stdio });
  let kill: NodeJS.Timeout | undefined;
  const end = () => {
    child.kill("SIGINT");
    kill = setTimeout(() => child.kill("SIGKILL"), endGraceMilliseconds);
  };
  cancelled.addEventListener("abort", end, { once: true });
  const exitCode = once(child, "close").then(([code]) => (typeof code === "number" ? code : -1));
  const release = () => {
    clearTimeout(kill);
    cancelled.removeEventListener("abort", end);
  };
  exitCode.then(release, release);
  return { process: child, exitCode };
}
