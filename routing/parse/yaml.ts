import { isMap, isNode, isScalar, parseAllDocuments, type Document } from "yaml";
import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import { Objects, type AnyObject, type FieldPath } from "../objects.ts";
import { parseObject } from "./object.ts";
import { readPlainYaml } from "./plain-yaml.ts";

export interface ParseYamlOptions {
  /** How messages call the text; `-` by default. */
  readonly file?: string | undefined;
  /** Namespace of objects that name none; `default` by default. */
  readonly defaultNamespace?: string | undefined;
}

export interface ParsedYaml {
  readonly objects: Objects;
  readonly messages: readonly Message[];
}

/**
 * Reads all objects of a YAML (or JSON) text: several documents, `List` kinds, empty documents. Never throws: what cannot be read is in the messages,
 * and the rest of the text is read all the same.
 */
export function parseYaml(text: string, options: ParseYamlOptions = {}): ParsedYaml {
  const { list, messages } = parseYamlList(text, options);
  return { objects: Objects.of(list), messages };
}

/** As {@link parseYaml}, with the objects in the order of the text. */
export function parseYamlList(
  text: string,
  { file, defaultNamespace }: ParseYamlOptions = {},
): { list: AnyObject[]; messages: Message[] } {
  const list: AnyObject[] = [];
  const messages: Message[] = [];
  for (const read of readYaml(text, file)) {
    if ("message" in read) {
      messages.push(read.message);
      continue;
    }
    const parsed = parseObject(read.value, { reference: read.reference, defaultNamespace });
    if (parsed.object !== undefined) list.push(parsed.object);
    messages.push(...parsed.messages);
  }
  return { list, messages };
}

/** A value of a YAML text, as it stands there. */
export interface YamlValue {
  readonly value: unknown;
  /** `file:line` of one of its fields. */
  reference(path: FieldPath): string;
}

/** Takes a text apart as {@link parseYaml} does, and gives what it cannot read as a message; whether a value is a Kubernetes object is not asked. */
export function* readYaml(text: string, file = "-"): Generator<YamlValue | { readonly message: Message }> {
  const unreadable = (reference: string, error: Error) => ({
    message: messageOf("TCP0003", { resource: "", reference }, `Cannot read YAML: ${firstLine(error.message)}`),
  });
  for (const { text: chunk, line, single } of splitDocuments(text)) {
    const place = (index: number) => (path: FieldPath) => `${file}:${line + lineOf(chunk, index, path)}`;
    const plain = single ? readPlainYaml(chunk) : undefined;
    if (plain !== undefined) {
      yield* values(plain.value, place(0));
      continue;
    }
    for (const [index, document] of parseChunk(chunk).entries()) {
      const reference = place(index);
      for (const error of document.errors) {
        yield unreadable(`${file}:${line + offsetLine(chunk, error.pos[0])}`, error);
      }
      if (document.errors.length > 0) continue;
      const whole = toValue(document);
      if (whole instanceof Error) yield unreadable(reference([]), whole);
      else yield* values(whole, reference);
    }
  }
}

/** The values of a document: none, itself, or a List's items. */
function* values(whole: unknown, reference: YamlValue["reference"]): Generator<YamlValue> {
  for (const { item, path } of items(whole)) {
    yield { value: item, reference: (field) => reference([...path, ...field]) };
  }
}

interface Chunk {
  readonly text: string;
  /** Number of the chunk's first line in the whole text, from 1. */
  readonly line: number;
  /** It is one document at most. */
  readonly single: boolean;
}

/**
 * A line that starts with `---` begins a document wherever it stands (YAML 1.2, 9.1.2), so that documents can be read one by one, and a
 * syntax error in one leaves the others readable. Directives and `...` belong to the document before or after: such a text stays whole.
 */
function splitDocuments(text: string): Chunk[] {
  if (/^(%|\.\.\.(\s|$))/m.test(text)) return [{ text, line: 1, single: false }];
  const chunks: Chunk[] = [];
  let line = 1;
  for (const part of text.split(/^(?=---(?:\s|$))/m)) {
    chunks.push({ text: part, line, single: true });
    for (let at = part.indexOf("\n"); at >= 0; at = part.indexOf("\n", at + 1)) line++;
  }
  return chunks;
}

function parseChunk(text: string): Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    logLevel: "silent",
    prettyErrors: false,
  });
  return Array.isArray(documents) ? (documents as Document.Parsed[]) : [];
}

function toValue(document: Document.Parsed): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The objects of a document: none, itself, or a List's items. */
function* items(value: unknown): Generator<{ item: unknown; path: FieldPath }> {
  if (value === null || value === undefined) return;
  if (!isList(value)) {
    yield { item: value, path: [] };
    return;
  }
  for (const [index, item] of value.items.entries()) yield { item, path: ["items", index] };
}

function isList(value: unknown): value is { items: unknown[] } {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    typeof value.kind === "string" &&
    value.kind.endsWith("List") &&
    "items" in value &&
    Array.isArray(value.items)
  );
}

/**
 * Lines after the chunk's first one at which a field stands, or the nearest above it that is there. Messages are few, so the chunk is read again when one is made,
 * and no syntax tree is kept.
 */
function lineOf(text: string, index: number, path: FieldPath): number {
  const document = parseChunk(text)[index];
  for (let length = path.length; document !== undefined && length >= 0; length--) {
    const start = fieldStart(document, path.slice(0, length));
    if (start !== undefined) return offsetLine(text, start);
  }
  return 0;
}

/** Where a field's key stands, or an item of a sequence. */
function fieldStart(document: Document.Parsed, path: FieldPath): number | undefined {
  const last = path.at(-1);
  const parent: unknown = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const node = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === last)?.key : undefined;
  const found: unknown = last === undefined ? document.contents : (node ?? document.getIn(path, true));
  return isNode(found) ? found.range?.[0] : undefined;
}

function offsetLine(text: string, offset: number): number {
  // What is missing at the end is missed on the last line that says something.
  const end = Math.min(offset, text.trimEnd().length);
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
