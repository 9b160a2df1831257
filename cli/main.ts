/** The command line, `tcp-ingress`. */
import { Command, CommanderError } from "commander";
import { analyzeCommand } from "./analyze.ts";
import { explainCommand } from "./explain.ts";
import { exitCodes } from "./exit-codes.ts";
import { gatewayCommand } from "./gateway.ts";

const program = new Command("tcp-ingress")
  .description("Istio's ingress gateway for raw TCP, without Istio")
  .addCommand(analyzeCommand())
  .addCommand(explainCommand())
  .addCommand(gatewayCommand());

for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what is wrong; help and version are no failures.
  process.exitCode = error.exitCode === 0 ? 0 : exitCodes.unreadable;
}
