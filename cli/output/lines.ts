import type { Level, Message } from "../../routing/index.ts";
import type { Format, Style } from "./style.ts";

const formats = { Error: "red", Warning: "yellow", Info: "blue" } as const satisfies Record<Level, Format>;

export function styleLevel(level: Level, style: Style, text: string = level): string {
  return style(formats[level], text);
}

/** One line, as istioctl prints it: `Error [IST0101] (VirtualService ns/name file:line) what is wrong`. */
export function formatMessage({ level, code, resource, reference, message }: Message, style: Style): string {
  const place = [resource, reference ?? ""].filter((part) => part !== "").join(" ");
  return `${styleLevel(level, style)} [${code}] ${place === "" ? "" : `(${place}) `}${message}`;
}
