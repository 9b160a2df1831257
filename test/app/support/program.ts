import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "../../..");

/** A program under test, its output kept line by line. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Lines of stdout so far. */
  readonly stdout: readonly string[];
  /** Lines of stderr so far. */
  readonly stderr: readonly string[];
  /** The first line of either stream, past or to come, that fits, or the nth of them; fails if the program ends without one. */
  line(pattern: RegExp, count?: number): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Writes to its stdin. */
  write(text: string): void;
  /** Resolves when it has ended and all its output is here. */
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Starts a program: a file of this repository, or any by its whole path. */
export function start(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  return startCommand(process.execPath, [resolve(root, file), ...args], env);
}

/** Starts any program, by its path or as PATH has it. */
export function startCommand(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(command, args, { env: { PATH: process.env["PATH"], ...env }, stdio: "pipe" });
  // A program may end before it has read all.
  child.stdin.on("error", () => undefined);
  const stdout: string[] = [];
  const stderr: string[] = [];
  const waiting = new Set<() => void>();
  const ended = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  let over = false;
  for (const [stream, lines] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    createInterface(stream).on("line", (line) => {
      lines.push(line);
      for (const check of [...waiting]) check();
    });
  }
  child.on("error", ended.reject);
  child.on("close", (code, signal) => {
    over = true;
    for (const check of [...waiting]) check();
    ended.resolve({ code, signal });
  });

  return {
    pid: child.pid ?? 0,
    stdout,
    stderr,
    exit: ended.promise,
    kill: (signal) => child.kill(signal),
    write: (text) => child.stdin.write(text),
    line(pattern, count = 1) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const check = (): void => {
        const found = [...stdout, ...stderr].filter((line) => pattern.test(line))[count - 1];
        if (found === undefined && !over) return;
        waiting.delete(check);
        if (found !== undefined) resolve(found);
        else
          reject(
            new Error(`${command} ended without a line that fits ${pattern}:\n${[...stdout, ...stderr].join("\n")}`),
          );
      };
      waiting.add(check);
      check();
      return promise;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "close");
      }
    },
  };
}
