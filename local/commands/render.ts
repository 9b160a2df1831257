import { resolve } from "node:path";
import { terminalProgress } from "../toolchain/index.ts";
import { command, runCommand } from "./command.ts";
import { render } from "./rendering.ts";

await runCommand((signal) =>
  command("render", "Writes an environment's Kubernetes objects as YAML, for deployment by GitOps or kubectl apply.")
    .argument("<stack>", "environment: local, dev, staging, prod, or any other stack of the project")
    .argument("<dir>", "folder to write to; it is made if it is missing")
    .action(async (stack: string, folder: string) => {
      const files = await render(
        stack,
        resolve(process.env.INIT_CWD ?? process.cwd(), folder),
        terminalProgress({ signal }),
      );
      console.log(files.join("\n"));
    }),
);
