import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** How long a process group may take to end before it gets SIGKILL, in milliseconds. */
const terminationGrace = 5_000;

/** The same for a command that is ended gently. */
const gentleGrace = 60_000;

/** How many of the last lines of a failed command are part of the error's message. */
const shownLines = 12;

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment; default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** File that gets everything the command prints, after the command line itself. Appended to. */
  readonly log?: string;
  /** Ends the command, with everything it started, when it fires. */
  readonly signal?: AbortSignal;
  /** On `signal` the command itself gets SIGINT, and a minute to wind up with what it started; default: all of its group gets SIGTERM, and five seconds. */
  readonly gentle?: boolean;
  /** Called with each line the command prints, on either stream. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that could not be started or failed. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number | undefined;
  readonly result: RunResult;

  constructor(message: string, exitCode: number | undefined, result: RunResult) {
    super(message);
    this.exitCode = exitCode;
    this.result = result;
  }
}

/**
 * Runs a command to its end, in a process group of its own, so that ending it ends what it started too and a terminal's Ctrl-C reaches it through
 * `signal` alone.
 *
 * @throws CommandError when it cannot start or exits with another code than 0; the signal's reason when that fired
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { signal, onLine } = options;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const log = openLog(options.log, command, args);
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stdout = collect(child.stdout, log, onLine);
    const stderr = collect(child.stderr, log, onLine);
    let kill: NodeJS.Timeout | undefined;
    const stop = () => {
      kill = endGroup(child.pid, options.gentle ?? false);
    };
    const settle = () => {
      signal?.removeEventListener("abort", stop);
      clearTimeout(kill);
      if (log !== undefined) closeSync(log);
      return { stdout: stdout(), stderr: stderr() };
    };
    signal?.addEventListener("abort", stop, { once: true });
    child.once("error", (error) => {
      reject(new CommandError(`Cannot start ${command}: ${error.message}`, undefined, settle()));
    });
    child.once("close", (code, killedBy) => {
      if (child.pid === undefined) return;
      const result = settle();
      if (signal?.aborted) reject(signal.reason as Error);
      else if (code === 0) resolve(result);
      else reject(new CommandError(failure(command, args, code, killedBy, result), code ?? undefined, result));
    });
  });
}

/** Ends a process group: asks it to, then kills what is left of it after the grace, unless the returned timer is cleared. */
function endGroup(leader: number | undefined, gentle: boolean): NodeJS.Timeout | undefined {
  if (leader === undefined) return undefined;
  if (gentle) send(leader, "SIGINT");
  else send(-leader, "SIGTERM");
  const grace = gentle ? gentleGrace : terminationGrace;
  return setTimeout(() => {
    send(-leader, "SIGKILL");
  }, grace);
}

/** @param target a process, or a process group by its negated number */
function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function openLog(path: string | undefined, command: string, args: readonly string[]): number | undefined {
  if (path === undefined) return undefined;
  mkdirSync(dirname(path), { recursive: true });
  const log = openSync(path, "a");
  writeSync(log, `\n$ ${[command, ...args].join(" ")}\n`);
  return log;
}

function collect(stream: NodeJS.ReadableStream, log: number | undefined, onLine: RunOptions["onLine"]): () => string {
  let text = "";
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    if (log !== undefined) writeSync(log, chunk);
    if (onLine === undefined) return;
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  return () => text;
}

function failure(
  command: string,
  args: readonly string[],
  code: number | null,
  killedBy: NodeJS.Signals | null,
  result: RunResult,
): string {
  const end = code === null ? `was ended by ${String(killedBy)}` : `exited with code ${String(code)}`;
  const said = (result.stderr.trim() || result.stdout.trim()).split("\n").slice(-shownLines).join("\n");
  return `${[command, ...args.slice(0, 2)].join(" ")} ${end}${said === "" ? "" : `:\n${said}`}`;
}
