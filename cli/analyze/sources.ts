/** Reads what the command line names. */
import { basename, dirname, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { readConfig, UnreadableError, type ConfigFile } from "../../app/gateway/standalone/files.ts";
import { messageOf, type Message } from "../../routing/index.ts";
import { fewOf, plural } from "../output/words.ts";

/** A text, named as messages call it: the path as it was given, `-` for standard input. */
export interface Source extends ConfigFile {
  /** It was found in a folder, and nobody named it. */
  readonly found: boolean;
}

export interface Sources {
  readonly sources: readonly Source[];
  readonly messages: readonly Message[];
}

/** Reads files, all YAML and JSON files of folders and of their folders, and standard input (`-`). What cannot be read becomes a message. */
export async function readSources(paths: readonly string[]): Promise<Sources> {
  const sources = new Map<string, Source>();
  const messages: Message[] = [];
  const strangers: string[] = [];
  for (const path of paths) {
    try {
      for (const source of path === "-" ? [await standardInput()] : await readPath(path)) {
        const key = source.name === "-" ? "-" : resolve(source.name);
        if (source.found && isKustomization(source)) messages.push(aboutKustomization(source.name));
        else if (source.found && isStranger(source)) strangers.push(source.name);
        else if (!sources.has(key)) sources.set(key, source);
      }
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      messages.push(messageOf("TCP0003", { resource: "", reference: path }, error.message));
    }
  }
  if (strangers.length > 0) messages.push(aboutStrangers(strangers));
  return { sources: [...sources.values()], messages };
}

async function standardInput(): Promise<Source> {
  return { name: "-", text: await text(process.stdin), found: false };
}

async function readPath(path: string): Promise<Source[]> {
  const files = await readConfig(path);
  if (files.length === 0) {
    throw new UnreadableError(path, new Error("there is no .yaml, .yml or .json file in it or in its folders"));
  }
  return files.map((file) => ({ ...file, found: file.name !== path }));
}

/** Says nothing of being a Kubernetes object, and says something. */
function isStranger({ text }: Source): boolean {
  return !(/\bapiVersion\b/.test(text) && /\bkind\b/.test(text)) && /^\s*[^#\s-]/m.test(text);
}

function isKustomization({ name }: Source): boolean {
  return /^kustomization\.ya?ml$/.test(basename(name));
}

function aboutStrangers(names: readonly string[]): Message {
  const text = `Passed over ${plural(names.length, "file")} without a Kubernetes object: ${fewOf(names)}`;
  return messageOf("TCP0070", { resource: "" }, text);
}

function aboutKustomization(name: string): Message {
  const text = `The files beside it were analyzed as they stand. What kustomize makes of them: kubectl kustomize ${dirname(name)} | tcp-ingress analyze -`;
  return messageOf("TCP0070", { resource: "", reference: name }, text);
}
