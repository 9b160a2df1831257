/** Messages for people. */
import { styleText } from "node:util";
import type { Level, Message } from "../routing/index.ts";

const colours = { Error: "red", Warning: "yellow", Info: "blue" } as const satisfies Record<Level, string>;

/** As istioctl prints them: `Error [IST0101] (VirtualService ns/name file:line) what is wrong`. Colours on a terminal that takes them. */
export function formatMessage({ level, code, resource, reference, message }: Message): string {
  const place = [resource, reference ?? ""].filter((part) => part !== "").join(" ");
  return `${paint(colours[level], level)} [${code}] ${place === "" ? "" : `(${place}) `}${message}`;
}

/** One line that sums up. */
export function formatSummary(messages: readonly Message[], files: number): string {
  const read = plural(files, "file");
  if (messages.length === 0) return `${paint("green", "✔")} Nothing to say about ${read}.`;
  const counts = (["Error", "Warning", "Info"] as const).flatMap((level) => {
    const count = messages.filter((message) => message.level === level).length;
    return count === 0 ? [] : [plural(count, level.toLowerCase())];
  });
  return `${counts.join(", ")} in ${read}. What a code means: tcp-ingress explain CODE`;
}

function paint(colour: "red" | "yellow" | "blue" | "green", text: string): string {
  return styleText(colour, text, { stream: process.stdout });
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 || noun === "info" ? "" : "s"}`;
}
