import { recordReaders } from "../describe.ts";
import type { ConnectionRecord } from "../engine/record.ts";
import { endLineType } from "./lines.ts";

/** A field's name as it stands before its value. */
const fields = recordReaders.map(([name, read]) => [`,${JSON.stringify(name)}:`, read] as const);

const begin = `{"access_log_type":${JSON.stringify(endLineType)}`;

/** What stands in a string of JSON as it is. */
const plain = /^[ !#-[\]-~]*$/;

/** The line of a connection that is over, as `JSON.stringify` of its description would be: without the object, as this is written for each connection. */
export function formatEnd(record: ConnectionRecord): string {
  let text = begin;
  for (const [name, read] of fields) text += name + json(read(record));
  return `${text}}`;
}

function json(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "number") return String(value);
  return typeof value === "string" && plain.test(value) ? `"${value}"` : JSON.stringify(value);
}
