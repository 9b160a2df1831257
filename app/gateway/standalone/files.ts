import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file's name as it was found, and its text. */
export interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

const extensions = [".yaml", ".yml", ".json"];

/** Files that are read at one time: a process may not have any number of them open. */
const AT_ONCE = 64;

/**
 * A file, or all YAML and JSON files of a folder and of its folders, by name. Hidden ones and `node_modules` are passed over.
 *
 * @throws {UnreadableError} that says what cannot be read, and why
 */
export async function readConfig(path: string): Promise<readonly ConfigFile[]> {
  try {
    const names = await filesOf(path);
    const files: ConfigFile[] = [];
    for (let at = 0; at < names.length; at += AT_ONCE) {
      const some = names.slice(at, at + AT_ONCE);
      files.push(...(await Promise.all(some.map(async (name) => ({ name, text: await readFile(name, "utf8") })))));
    }
    return files;
  } catch (error) {
    throw new UnreadableError(path, error as NodeJS.ErrnoException);
  }
}

/** A file or folder that cannot be read. */
export class UnreadableError extends Error {
  constructor(path: string, cause: NodeJS.ErrnoException) {
    super(`Cannot read ${cause.path ?? path}: ${reasons[cause.code ?? ""] ?? cause.message}`, { cause });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
};

async function filesOf(path: string): Promise<string[]> {
  return (await stat(path)).isDirectory() ? await filesIn(path) : [path];
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true }))
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const inside = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesIn(inside)));
    // A mounted ConfigMap's files are links; a link to a folder may lead around in circles, and is not followed.
    else if (isConfig(entry.name) && (!entry.isSymbolicLink() || (await stat(inside)).isFile())) found.push(inside);
  }
  return found;
}

function isConfig(name: string): boolean {
  return extensions.some((extension) => name.endsWith(extension));
}
