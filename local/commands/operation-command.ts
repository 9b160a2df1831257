import { terminalProgress } from "../toolchain/index.ts";
import { command, runCommand } from "./command.ts";
import { operate, type Operation } from "./environment.ts";

/** The command line of `preview` and `deploy`: an environment's name, then whatever Pulumi is to be told. */
export function runOperation(script: string, operation: Operation, description: string): Promise<void> {
  return runCommand((signal) =>
    command(script, description)
      .argument("<stack>", "environment: local, dev, staging, prod, or any other stack of the project")
      .argument("[flags...]", `flags of pulumi ${operation}, such as --diff`)
      .passThroughOptions()
      .allowUnknownOption()
      .action(async (stack: string, flags: string[]) => {
        process.exitCode = await operate(operation, stack, flags, terminalProgress({ signal }));
      }),
  );
}
