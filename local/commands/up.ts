import { findProgram, terminalProgress } from "../toolchain/index.ts";
import { command, runCommand } from "./command.ts";
import { bringUp } from "./local.ts";
import { lastScreen } from "./screen.ts";

await runCommand((signal) =>
  command(
    "local",
    "Brings up a cluster on this machine, or uses the one that KUBECONFIG names, and deploys stack local to it.",
  ).action(async () => {
    const { record, tried } = await bringUp(terminalProgress({ signal }));
    console.log(`\n${lastScreen(record, tried, (await findProgram("nc")) !== undefined)}`);
  }),
);
