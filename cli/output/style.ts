import { styleText } from "node:util";
import type { ColorOptions } from "../options.ts";

export type Format = "red" | "yellow" | "blue" | "green" | "bold" | "dim";

/** Makes a text look so, or leaves it as it is where there are no colours. */
export type Style = (format: Format, text: string) => string;

export const plain: Style = (_format, text) => text;

export const coloured: Style = (format, text) => styleText(format, text, { validateStream: false });

/** What a stream takes: with `auto`, Node knows of terminals, NO_COLOR, FORCE_COLOR and TERM=dumb. */
export function styleFor(when: ColorOptions["color"], stream: NodeJS.WriteStream): Style {
  if (when === "always") return coloured;
  return when === "auto" && styleText("bold", "x", { stream }) !== "x" ? coloured : plain;
}
