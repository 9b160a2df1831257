import { CORE_SCHEMA, load } from "js-yaml";

const word = /[A-Za-z0-9_./](?:[\w./+-]|:(?=[A-Za-z0-9_/]))*/.source;
const quoted = /"[^"\\\n\t]*"|'[^'\n\t]*'/.source;
const key = /(?!(?:null|Null|NULL) *:)[A-Za-z][\w./-]*|"[^"\\\n\t]+"/.source;

/** How a line begins: the marker of a document's start, marks of a list's items, a key. */
const head = new RegExp(`(?:---(?=[ \\r\\n]|$))?( *(?:- +)*(?:${key}):(?: +|(?=\\r?\\n|$))| *(?:- +)+)?`, "y");

/** A value that is no list and no object. */
const plainValue = new RegExp(`${word}(?: ${word})*|${quoted}`, "y");

/** How it ends: perhaps in a comment, which is one at a line's start or behind a space. */
const tail = / *(?:(?<=^|[ \n])#[^\n\t\r]*)?(?:\r?\n|$)/y;

/** A value within a list or an object that is written in one line, and what comes before one in an object. */
const flowScalar = new RegExp(`${word}|${quoted}`, "y");
const flowKey = new RegExp(`(?:${key}): `, "y");
const spaces = / */y;

/** Numbers that are too large to be any. */
const huge = /(?:^|[^A-Za-z0-9_])[\d.]+[eE][+-]?\d{3}|\d{300}/m;

/** Lists and objects within one another in one line. */
const MAX_DEPTH = 16;

/**
 * Reads one YAML document of lines as nearly all manifests have nothing but: a key with a value or none, an item of a list, a comment; ten times as fast as `yaml` does, which keeps positions. What YAML knows beyond
 * that (anchors, tags, block scalars, values over several lines, tabs, …) is not for this reader, and it says nothing of what is wrong: undefined means that `yaml` has to be asked.
 */
export function readPlainYaml(document: string): { readonly value: unknown } | undefined {
  if (!isPlain(document) || huge.test(document)) return undefined;
  try {
    return { value: load(document, { schema: CORE_SCHEMA }) };
  } catch {
    // Whatever it was, `yaml` says it better, and where.
    return undefined;
  }
}

/** Each character is looked at a bounded number of times, whatever the document is. */
function isPlain(document: string): boolean {
  for (let at = 0; at < document.length;) {
    const end = endOfLine(document, at);
    if (end === undefined) return false;
    at = end;
  }
  return true;
}

/** Where the line that begins at a place is over; undefined: it is no plain one. */
function endOfLine(document: string, from: number): number | undefined {
  head.lastIndex = from;
  const begun = head.exec(document)?.[1];
  let at = head.lastIndex;
  if (begun !== undefined) {
    const end = isFlow(document, at) ? endOfFlow(document, at, 1) : endOf(plainValue, document, at);
    // An item has a value; a key may have its one in the lines below.
    if (end === undefined && (isFlow(document, at) || !begun.includes(":"))) return undefined;
    at = end ?? at;
  }
  return endOf(tail, document, at);
}

function isFlow(document: string, at: number): boolean {
  return document[at] === "[" || document[at] === "{";
}

/** Where a list or an object in one line is over; undefined: it is no plain one. */
function endOfFlow(document: string, from: number, depth: number): number | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const isObject = document[from] === "{";
  const close = isObject ? "}" : "]";
  let at = skipSpaces(document, from + 1);
  if (document[at] === close) return at + 1;
  for (;;) {
    const value = isObject ? endOf(flowKey, document, at) : at;
    if (value === undefined) return undefined;
    const end = isFlow(document, value) ? endOfFlow(document, value, depth + 1) : endOf(flowScalar, document, value);
    if (end === undefined) return undefined;
    if (document[end] !== ",") {
      at = skipSpaces(document, end);
      return document[at] === close ? at + 1 : undefined;
    }
    at = skipSpaces(document, end + 1);
  }
}

function skipSpaces(document: string, at: number): number {
  return endOf(spaces, document, at) ?? at;
}

/** Where what matches at a place is over; undefined: nothing does. */
function endOf(pattern: RegExp, document: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(document) ? pattern.lastIndex : undefined;
}
