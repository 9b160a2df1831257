import type { Message } from "../../routing/index.ts";
import { styleLevel } from "./lines.ts";
import type { Style } from "./style.ts";

/** Columns that a message's text is indented by. */
const INDENT = 6;

/** Messages below the file, or the resource in the cluster, that they are about: lines in columns, texts wrapped to the screen's width. */
export function formatGroups(messages: readonly Message[], style: Style, width: number): string[] {
  const groups = Map.groupBy(messages, (message) => placeOf(message).group);
  return [...groups].flatMap(([group, members]) => [style("bold", group), ...rows(members, style, width), ""]);
}

interface Place {
  readonly group: string;
  readonly line: string;
}

function placeOf({ reference, resource }: Message): Place {
  const [, file, line] = /^(.*):(\d+)$/.exec(reference ?? "") ?? [];
  if (file !== undefined && line !== undefined) return { group: file === "-" ? "standard input" : file, line };
  return { group: reference ?? (resource === "" ? "on the whole" : resource), line: "" };
}

function rows(messages: readonly Message[], style: Style, width: number): string[] {
  const sorted = messages.map((message) => ({ message, ...placeOf(message) }));
  const lineWidth = Math.max(...sorted.map(({ line }) => line.length));
  return sorted.flatMap(({ message, group, line }) => {
    const { level, code, name, resource } = message;
    const number = lineWidth === 0 ? "" : `${style("dim", line.padStart(lineWidth))}  `;
    const about = resource === "" || resource === group ? "" : `  ${resource}`;
    return [
      `  ${number}${styleLevel(level, style, level.padEnd(7))}  ${code} ${style("dim", name)}${about}`,
      ...wrap(message.message, width - INDENT).map((text) => `${" ".repeat(INDENT)}${text}`),
    ];
  });
}

/** Lines of words, none wider than `width` but where a single word is. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
