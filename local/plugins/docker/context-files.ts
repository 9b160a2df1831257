import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { IgnoreRules } from "./ignore-file.ts";

/** A file, link or folder of a build context. */
export interface ContextFile {
  /** Relative to the context, with slashes. */
  readonly name: string;
  readonly path: string;
  readonly kind: "file" | "folder" | "link" | "other";
  /** The permission bits, with set-user-ID, set-group-ID and sticky. */
  readonly mode: number;
  readonly size: number;
  readonly modified: Date;
}

/** Walks a build context in the order of Go's `filepath.WalkDir`: by name in bytes, a folder ahead of what is in it. */
export function* contextFiles(context: string, rules: IgnoreRules, folder = ""): Generator<ContextFile> {
  const entries = readdirSync(join(context, folder), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && rules.ignoresAllBelow(name)) continue;
    if (!rules.ignores(name)) yield contextFile(join(context, name), name, entry);
    if (entry.isDirectory()) yield* contextFiles(context, rules, name);
  }
}

function contextFile(path: string, name: string, entry: Dirent): ContextFile {
  const { mode, size, mtime } = lstatSync(path);
  const kind = entry.isFile() ? "file" : entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : "other";
  return { name, path, kind, mode: mode & 0o7777, size, modified: mtime };
}
