/** Reads what the command line names. */
import { text } from "node:stream/consumers";
import { readConfig, UnreadableError, type ConfigFile } from "../app/gateway/standalone/files.ts";
import { messageOf, type Message } from "../routing/index.ts";

/** A text, named as messages call it: the path as it was given, `-` for standard input. */
export type Input = ConfigFile;

/** Reads files, all YAML and JSON files of folders and of their folders, and standard input (`-`). What cannot be read becomes a message. */
export async function readInputs(paths: readonly string[]): Promise<{ inputs: Input[]; messages: Message[] }> {
  const inputs: Input[] = [];
  const messages: Message[] = [];
  for (const path of paths) {
    try {
      if (path === "-") inputs.push({ name: path, text: await text(process.stdin) });
      else inputs.push(...(await readConfig(path)));
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      messages.push(messageOf("TCP0003", { resource: "", reference: path }, error.message));
    }
  }
  return { inputs, messages };
}
