import { Command } from "commander";
import { catalogue, documentationUrl, type CatalogueEntry } from "../routing/index.ts";

/** `tcp-ingress explain`: what a message means and how to mend it. */
export function explainCommand(): Command {
  return new Command("explain")
    .description("Print what a message means and how to mend it; without a code all of them, as Markdown")
    .argument("[code]", "such as IST0101")
    .action((code: string | undefined, _options: object, command: Command) => {
      if (code === undefined) process.stdout.write(catalogueMarkdown());
      else explain(code, command);
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

/** The page of all messages, `docs/messages.md`. */
export function catalogueMarkdown(): string {
  const introduction = [
    "# Messages",
    "",
    "What analysis says, in `pulumi preview`, by `tcp-ingress analyze`, in the gateway's log. Codes that begin with IST are Istio's own, with its names and levels;",
    "those that begin with TCP are ours. `tcp-ingress explain CODE` prints an entry, `tcp-ingress explain` this page.",
  ];
  return [...introduction, ...[...catalogue.values()].flatMap(section), ""].join("\n");
}

function section({ code, name, level, meaning, remedy }: CatalogueEntry): string[] {
  const link = code.startsWith("IST") ? ["", `[Istio's page](${documentationUrl(code)})`] : [];
  // The heading is the code alone: the anchor that messages point to.
  return ["", `## ${code}`, "", `**${name}** (${level})`, "", meaning, "", `What to do: ${remedy}`, ...link];
}
