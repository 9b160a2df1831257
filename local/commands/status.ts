import { printStatus } from "./status-report.ts";
import { command, runCommand } from "./command.ts";

await runCommand((signal) =>
  command("local:status", "Tells whether the scenario runs, and where. Exit code 1 when it does not.")
    .option("--json", "as one line of JSON: address, ports with their subsets, kubeconfig, stack")
    .action(async ({ json }: { json?: true }) => {
      await printStatus(json ?? false, signal);
    }),
);
