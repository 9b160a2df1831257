import { recordReaders, type Reader } from "../describe.ts";
import type { ConnectionRecord } from "../engine/record.ts";
import { endLineType } from "./lines.ts";
import { PathTexts } from "./path-texts.ts";

/** What stands in a string of JSON as it is. */
const plain = /^[ !#-[\]-~]*$/;

/** Where milliseconds with their thousandths are exact by far. */
const MANY = 1e9;

/** What thousandths are written as, behind a whole number. */
const thousandths = Array.from({ length: 1000 }, (_, count) => String(count / 1000).slice(1));

const begin = `{"access_log_type":${JSON.stringify(endLineType)}`;
const client = writerOf(recordReaders.client);
const path = new PathTexts(writerOf(recordReaders.path));
const course = writerOf(recordReaders.course);

/** The line of a connection that is over, as `JSON.stringify` of its description would be: without the object, as this is written for each connection. */
export function formatEnd(record: ConnectionRecord): string {
  return `${begin}${client(record)}${path.of(record)}${course(record)}}`;
}

/** Writes fields, each with a comma before it. */
function writerOf<Source>(readers: readonly Reader<Source>[]): (source: Source) => string {
  const fields = readers.map(([key, read]) => {
    const name = `,${JSON.stringify(key)}:`;
    return { name, read, nothing: `${name}null` };
  });
  return (source) => {
    let text = "";
    for (const { name, read, nothing } of fields) {
      const value = read(source);
      text += value === null ? nothing : name + json(value);
    }
    return text;
  };
}

/** As `String`, whose search for the shortest digits takes far longer; most numbers are whole, or milliseconds and microseconds. */
function number(value: number): string {
  if (Number.isInteger(value) || !(value > 0 && value < MANY)) return String(value);
  const count = Math.round(value * 1000);
  if (count / 1000 !== value) return String(value);
  const fraction = count % 1000;
  return `${(count - fraction) / 1000}${thousandths[fraction]}`;
}

function json(value: unknown): string {
  if (typeof value === "number") return number(value);
  return typeof value === "string" && plain.test(value) ? `"${value}"` : JSON.stringify(value);
}
