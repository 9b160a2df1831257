import { Command } from "commander";
import { catalogue, documentationUrl } from "../routing/index.ts";

/** `tcp-ingress explain`: what a message means and how to mend it. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("Print what a message means and how to mend it")
    .argument("<code>", "such as IST0101")
    .action((code: string, _options: object, command: Command) => {
      explain(code, command);
    });
}

/** Prints an entry of the catalogue; an unknown code is a mistake in the command's arguments. */
export function explain(code: string, command: Command): void {
  const entry = catalogue.get(code.toUpperCase());
  if (entry === undefined) {
    command.error(`error: no message has the code ${code}. There are: ${[...catalogue.keys()].join(", ")}`);
  }
  console.log(
    [
      `${entry.code} ${entry.name} (${entry.level})`,
      "",
      entry.meaning,
      "",
      `What to do: ${entry.remedy}`,
      `More: ${documentationUrl(entry.code)}`,
    ].join("\n"),
  );
}
