import { startCommand, type Program } from "../../app/support/program.ts";

export interface DaemonOptions {
  /** A line of its output that says that clients may come. */
  readonly ready: RegExp;
  /** Ends it in good order; SIGTERM by default. */
  readonly stop?: NodeJS.Signals;
}

/** Starts a server that serves until it is disposed of. */
export async function startDaemon(
  command: string,
  args: readonly string[],
  { ready, stop = "SIGTERM" }: DaemonOptions,
): Promise<Program> {
  const program = startCommand(command, args);
  try {
    await program.line(ready);
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
  return {
    ...program,
    async [Symbol.asyncDispose]() {
      program.kill(stop);
      await program.exit;
    },
  };
}
