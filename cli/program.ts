import { Command } from "commander";
import { analyzeCommand } from "./analyze.ts";
import { explainCommand } from "./explain.ts";
import { gatewayCommand } from "./gateway.ts";
import { statusCommand } from "./status.ts";
import { version } from "./version.ts";

/** The whole command line. What a command does is loaded only when it is run. */
export function createProgram(): Command {
  const program = new Command("tcp-ingress")
    .description("Istio's ingress gateway for raw TCP, without Istio")
    .version(version(), "-V, --version", "print the version")
    .showHelpAfterError("(--help says more)")
    .addCommand(analyzeCommand())
    .addCommand(explainCommand())
    .addCommand(statusCommand())
    .addCommand(gatewayCommand());
  for (const command of [program, ...program.commands]) command.exitOverride();
  return program;
}
