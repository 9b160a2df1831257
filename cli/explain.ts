import type { Command } from "commander";
import { createCommand } from "./command.ts";

/** `tcp-ingress explain`: what a message means and how to mend it. */
export function explainCommand(): Command {
  return createCommand("explain", {
    summary: "Print what a message means and how to mend it",
    description: "Print what a message means and how to mend it; without a code all of them, as Markdown.",
    examples: [
      ["tcp-ingress explain IST0101", "by its code"],
      ["tcp-ingress explain ConflictingGateways", "by its name"],
    ],
    exit: "0; 2 when there is no such message",
  })
    .argument("[code]", "code or name of a message")
    .action(async (code: string | undefined) => {
      const { catalogueMarkdown, explain } = await import("./explain/run.ts");
      if (code === undefined) process.stdout.write(catalogueMarkdown());
      else explain(code);
    });
}
