/** The command line, `tcp-ingress`. */
import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { createProgram } from "./program.ts";

// Whoever reads may have seen enough (`| head`): the verdict stays the same.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof Failure) console.error(`error: ${error.message}`);
  else if (!(error instanceof CommanderError)) throw error;
  // Commander has said what is wrong; help and version are no failures.
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : exitCodes.unreadable;
}
