import { constants } from "node:os";
import { Command } from "commander";
import { describeFailure } from "./failure.ts";

/** A second signal ends the process at once, but not one that comes with the first, as npm and a terminal both send it. In milliseconds. */
const samePress = 1_000;

/** An npm script's command line. Unknown options and arguments are refused, `--help` tells what there is. */
export function command(script: string, description: string): Command {
  return new Command(`npm run ${script} --`).description(description).allowExcessArguments(false).showHelpAfterError();
}

/**
 * Parses this process's arguments and runs what they ask for. An error is printed to standard error and is exit code 1; being interrupted is the exit code
 * that the signal has in a shell.
 *
 * @param define gives the command its action; the signal fires on Ctrl-C, SIGTERM and SIGHUP
 */
export async function runCommand(define: (signal: AbortSignal) => Command): Promise<void> {
  const interruption = new AbortController();
  let interrupted: { by: NodeJS.Signals; at: number } | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (interrupted !== undefined && Date.now() - interrupted.at > samePress)
        process.exit(128 + constants.signals[signal]);
      interrupted ??= { by: signal, at: Date.now() };
      interruption.abort(new Error(`Interrupted by ${signal}`));
    });
  }
  try {
    await define(interruption.signal).parseAsync();
  } catch (error) {
    process.exitCode = 1;
    if (interrupted === undefined) console.error(`\n${describeFailure(error)}`);
  }
  if (interrupted !== undefined) {
    console.error(`\nInterrupted: run it again to go on where it was`);
    process.exitCode = 128 + constants.signals[interrupted.by];
  }
}
