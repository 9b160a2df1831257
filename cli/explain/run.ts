import { catalogue, documentationUrl, examples, type CatalogueEntry } from "../../routing/index.ts";
import { Failure } from "../failure.ts";
import { nearest } from "./nearest.ts";

/**
 * Prints an entry of the catalogue.
 *
 * @throws {Failure} that names the nearest ones where there is no such entry
 */
export function explain(codeOrName: string): void {
  const wanted = codeOrName.toLowerCase();
  const entries = [...catalogue.values()];
  const entry = entries.find(({ code, name }) => code.toLowerCase() === wanted || name.toLowerCase() === wanted);
  if (entry === undefined) throw unknown(codeOrName, entries);
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

function unknown(text: string, entries: readonly CatalogueEntry[]): Failure {
  const near = nearest(
    text,
    entries.flatMap(({ code, name }) => [code, name]),
  );
  const hints = entries
    .filter(({ code, name }) => near.includes(code) || near.includes(name))
    .map(({ code, name }) => `${code} ${name}`);
  const code = text.toUpperCase();
  return new Failure(
    [
      `No message is called ${text}.`,
      hints.length === 0 ? "tcp-ingress explain prints all" : `Did you mean ${hints.join(", ")}?`,
      ...(/^IST\d{4}$/.test(code) ? [`What Istio alone checks is at ${documentationUrl(code)}`] : []),
    ].join(" "),
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
  const example = examples[code];
  const shown =
    example === undefined ? [] : ["", "```yaml", example.yaml, "```", "", "```text", example.message, "```"];
  const link = code.startsWith("IST") ? ["", `[Istio's page](${documentationUrl(code)})`] : [];
  // The heading is the code alone: the anchor that messages point to.
  return ["", `## ${code}`, "", `**${name}** (${level})`, "", meaning, "", `What to do: ${remedy}`, ...shown, ...link];
}
