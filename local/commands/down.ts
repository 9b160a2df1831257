import { terminalProgress } from "../toolchain/index.ts";
import { command, runCommand } from "./command.ts";
import { takeDown } from "./takedown.ts";

await runCommand((signal) =>
  command("local:down", "Takes away everything that npm run local started. The tools stay in the cache.")
    .option("--all", "the cache with the tools as well")
    .action(async ({ all }: { all?: true }) => {
      await takeDown(terminalProgress({ signal }), all ?? false);
    }),
);
