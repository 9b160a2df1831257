import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** What to start, and where. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Words that come before the command, such as those that enter a network namespace. */
  readonly within: readonly string[];
  /** Processors that it may run on, as taskset(1) takes them; all by default. */
  readonly cpus?: string | undefined;
  /** File for its standard output; what it prints as errors goes beside it, to the same name with `.errors`. */
  readonly log: string;
}

/** The command line as it is run: it dies with this process, whichever way that goes (prctl(2), PR_SET_PDEATHSIG). */
export function commandLine({ command, args, within, cpus }: Omit<Program, "log">): [string, ...string[]] {
  const pinned = cpus === undefined ? [] : ["taskset", "--cpu-list", cpus];
  return ["setpriv", "--pdeathsig", "KILL", ...within, ...pinned, command, ...args];
}

/** A program that runs until it is disposed of, with everything that it started. */
export class RunningProgram implements AsyncDisposable {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #log: string;

  constructor(program: Program) {
    const output = openSync(program.log, "w");
    const errors = openSync(`${program.log}.errors`, "w");
    const [command, ...args] = commandLine(program);
    this.#child = spawn(command, args, { stdio: ["ignore", output, errors], env: program.env ?? process.env });
    closeSync(output);
    closeSync(errors);
    this.#child.on("error", () => undefined);
    this.pid = this.#child.pid ?? 0;
    this.#log = program.log;
  }

  /**
   * Waits until it, or something in the same network namespace, listens on all of the ports.
   *
   * @throws Error with the end of what it printed, when it ends or has not done so in 20 seconds
   */
  async listening(ports: readonly number[]): Promise<void> {
    for (let attempt = 0; attempt < 400; attempt++) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.pid === 0) break;
      const open = listeningPorts(this.pid);
      if (ports.every((port) => open.has(port))) return;
      await pause(50);
    }
    const texts = await Promise.all([this.#log, `${this.#log}.errors`].map((file) => readFile(file, "utf8")));
    const printed = texts.join("").trim().slice(-1000);
    throw new Error(`It does not listen on ports ${ports.join(", ")}${printed && `: ${printed}`}`);
  }

  /** Ends it as it likes to be ended, or after three seconds as it may not like. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.pid === 0 || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    const tree = processTree(this.pid);
    this.#child.kill("SIGTERM");
    const impatient = setTimeout(() => tree.forEach(kill), 3000);
    await ended;
    clearTimeout(impatient);
  }
}

/** A process and all that it started and that still run (proc(5)). */
function processTree(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "),
    );
    return [pid, ...children.filter((child) => child.trim() !== "").flatMap((child) => processTree(Number(child)))];
  } catch {
    // It has ended.
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** TCP ports that something listens on in a process's network namespace. */
function listeningPorts(pid: number): ReadonlySet<number> {
  const listening = "0A";
  const ports = ["tcp", "tcp6"].flatMap((table) => {
    const [, ...lines] = tableOf(`/proc/${pid}/net/${table}`);
    return lines
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === listening)
      .map(([, local = ""]) => Number.parseInt(local.split(":")[1] ?? "", 16));
  });
  return new Set(ports);
}

function tableOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").trimEnd().split("\n");
  } catch {
    // The process has just ended, or the machine has no IPv6.
    return [];
  }
}
