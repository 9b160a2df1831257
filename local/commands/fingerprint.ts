import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { repository } from "./paths.ts";

/** What has no part in what the stack program does. */
const irrelevant = new Set([
  ".ci",
  ".git",
  ".github",
  ".local",
  "bench",
  "dist",
  "docs",
  "node_modules",
  "render",
  "test",
]);

/**
 * One hash of everything that a deployment of this repository depends on: its sources and the given further values. Two deployments with the same one
 * differ in nothing that we did.
 */
export async function fingerprint(further: unknown, folder = repository): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(further));
  for (const path of await sources(folder)) {
    hash.update(`\0${relative(folder, path)}\0`).update(await readFile(path));
  }
  return hash.digest("hex");
}

async function sources(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (irrelevant.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isFile()) paths.push(path);
    if (!entry.isDirectory()) continue;
    for (const below of await readdir(path, { recursive: true, withFileTypes: true })) {
      if (below.isFile()) paths.push(join(below.parentPath, below.name));
    }
  }
  return paths.sort();
}
