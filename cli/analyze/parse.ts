import { messageOf, parseYamlList, type AnyObject, type Message } from "../../routing/index.ts";
import type { Progress } from "../output/progress.ts";
import { fewOf, plural } from "../output/words.ts";
import type { Source } from "./sources.ts";

export interface Declared {
  /** In the order in which they were declared. */
  readonly list: readonly AnyObject[];
  readonly messages: readonly Message[];
}

/**
 * Reads the objects of all sources.
 *
 * @param namespace - of objects that name none
 */
export function parseSources(sources: readonly Source[], namespace: string | undefined, progress: Progress): Declared {
  const list: AnyObject[] = [];
  const messages: Message[] = [];
  const templates: string[] = [];
  for (const [index, { name, text, found }] of sources.entries()) {
    progress.show(`Reading ${index + 1} of ${plural(sources.length, "file")}`);
    const parsed = parseYamlList(text, { file: name, defaultNamespace: namespace });
    if (!isTemplate(text, parsed.messages)) {
      list.push(...parsed.list);
      messages.push(...parsed.messages);
    } else if (found) templates.push(name);
    else messages.push(aboutTemplate(name));
  }
  if (templates.length > 0) messages.push(aboutTemplates(templates));
  return { list, messages };
}

/** What Helm and the like are still to fill in is no YAML, or not what its schema wants: what is wrong is at braces. */
function isTemplate(text: string, messages: readonly Message[]): boolean {
  if (!text.includes("{{")) return false;
  const lines = text.split("\n");
  return messages.some(({ code, reference }) => {
    if (code !== "TCP0003" && code !== "IST0106") return false;
    const number = Number(/:(\d+)$/.exec(reference ?? "")?.[1]);
    // A parser may notice on the next line.
    return lines.slice(Math.max(0, number - 2), number).some((line) => line.includes("{{"));
  });
}

function aboutTemplate(name: string): Message {
  const text = `Cannot read a template, as it declares nothing before it is rendered. ${render([name])}`;
  return messageOf("TCP0003", { resource: "", reference: name }, text);
}

function aboutTemplates(names: readonly string[]): Message {
  const text = `Passed over ${plural(names.length, "template")}, which may declare routes once rendered: ${fewOf(names)}. ${render(names)}`;
  return messageOf("TCP0070", { resource: "", level: "Warning" }, text);
}

/** A chart's templates are in a folder of that name. */
function render(names: readonly string[]): string {
  const charts = new Set(names.flatMap((name) => /^(.*?)[\\/]?templates[\\/]/.exec(name)?.[1] ?? []));
  const commands = [...charts].map((chart) => `helm template ${chart || "."} | tcp-ingress analyze -`);
  return commands.length === 0 ? "Render it first, and analyze what comes out" : `Render first: ${fewOf(commands, 2)}`;
}
