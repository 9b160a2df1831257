/** Finds and reads what the command line names. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { messageOf, type Message } from "../routing/index.ts";

export interface Input {
  /** As messages call it: the path as it was given, `-` for standard input. */
  readonly name: string;
  readonly text: string;
}

/** Reads files, all YAML and JSON files of folders and of their folders, and standard input (`-`). What cannot be read becomes a message. */
export async function readInputs(paths: readonly string[]): Promise<{ inputs: Input[]; messages: Message[] }> {
  const inputs: Input[] = [];
  const messages: Message[] = [];
  for (const path of paths) {
    try {
      if (path === "-") {
        inputs.push({ name: path, text: await text(process.stdin) });
        continue;
      }
      for (const file of await filesOf(path)) inputs.push({ name: file, text: await readFile(file, "utf8") });
    } catch (error) {
      if (!isSystemError(error)) throw error;
      messages.push(messageOf("TCP0003", { resource: "", reference: path }, `Cannot read ${path}: ${reasonOf(error)}`));
    }
  }
  return { inputs, messages };
}

const extensions = [".yaml", ".yml", ".json"];

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const inside = join(path, entry.name);
    if (entry.isDirectory()) found.push(...(await filesOf(inside)));
    else if (extensions.some((extension) => entry.name.endsWith(extension))) found.push(inside);
  }
  return found;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "ENOENT":
      return "there is no such file or folder";
    case "EACCES":
      return "permission denied";
    default:
      return message;
  }
}
