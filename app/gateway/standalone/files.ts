import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file's name as it was found, and its text. */
export interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

const extensions = [".yaml", ".yml", ".json"];

/**
 * A file, or all YAML and JSON files of a folder and of its folders, by name.
 *
 * @throws {UnreadableError} that says what cannot be read, and why
 */
export async function readConfig(path: string): Promise<readonly ConfigFile[]> {
  try {
    const names = await filesOf(path);
    return await Promise.all(names.map(async (name) => ({ name, text: await readFile(name, "utf8") })));
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
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => !name.startsWith(".") && name !== "node_modules").sort();
  const found: string[] = [];
  for (const name of names) {
    const inside = join(path, name);
    // By what it is and not by its entry: a mounted ConfigMap's files are links.
    if ((await stat(inside)).isDirectory()) found.push(...(await filesOf(inside)));
    else if (extensions.some((extension) => name.endsWith(extension))) found.push(inside);
  }
  return found;
}
