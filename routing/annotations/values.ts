/** How annotations' texts are read; each gives undefined for a text that it cannot read. */
import { parseDuration } from "../schema/duration.ts";
import { parseSubnet } from "../subnet.ts";

/** A whole number of 1 or more. */
export function readCount(text: string): number | undefined {
  if (!/^[1-9][0-9]{0,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= 2147483647 ? value : undefined;
}

/** A number above 0, with or without a fraction. */
export function readRate(text: string): number | undefined {
  if (!/^[0-9]{1,9}(\.[0-9]{1,6})?$/.test(text)) return undefined;
  const value = Number(text);
  return value > 0 ? value : undefined;
}

/** Milliseconds, 1 or more, and no longer than a timer can wait. */
export function readDuration(text: string): number | undefined {
  const value = parseDuration(text);
  return value !== undefined && value >= 1 && value <= 2147483647 ? value : undefined;
}

/** Comma-separated addresses and CIDR blocks, at least one. */
export function readSubnets(text: string): readonly [string, ...string[]] | undefined {
  const [first = "", ...others] = text.split(",").map((part) => part.trim());
  return [first, ...others].every((part) => parseSubnet(part) !== undefined) ? [first, ...others] : undefined;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };

/** Text with `\r`, `\n`, `\t`, `\\` and `\xNN` for a byte, as base64 of its bytes (UTF-8 for the rest); 1 to 1,024 bytes. */
export function readBytes(text: string): string | undefined {
  const parts: Buffer[] = [];
  let end = 0;
  for (const { 0: whole, 1: byte, 2: letter, index } of text.matchAll(/\\(?:x([0-9a-fA-F]{2})|([nrt\\])|)/g)) {
    if (byte === undefined && letter === undefined) return undefined;
    parts.push(Buffer.from(text.slice(end, index)));
    parts.push(byte === undefined ? Buffer.from(escapes[letter ?? ""] ?? "") : Buffer.from(byte, "hex"));
    end = index + whole.length;
  }
  const bytes = Buffer.concat([...parts, Buffer.from(text.slice(end))]);
  return bytes.length >= 1 && bytes.length <= 1024 ? bytes.toString("base64") : undefined;
}

/** One of some words. */
export function readWord<Word extends string>(...words: readonly Word[]): (text: string) => Word | undefined {
  return (text) => words.find((word) => word === text);
}
