import { setGlobalProxyFromEnv } from "node:http";
import { mkdir, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheEntry, cacheFolder, keyOf } from "./cache.ts";
import { searchFolders } from "./find.ts";
import { silentProgress } from "./progress.ts";
import { atHand, make, type ProvidedTool } from "./provide.ts";
import { toolOf, type ToolName } from "./tools.ts";

export { ToolchainError } from "./error.ts";
export { silentProgress, terminalProgress, type Progress, type Step, type Work } from "./progress.ts";
export type { Origin, ProvidedTool } from "./provide.ts";
export { toolNames, type ToolName } from "./tools.ts";

/** Tools that are ready to be used. */
export interface Toolchain {
  /** A folder with a link to every program. */
  readonly bin: string;
  /** The environment of a process that uses them: this process's, with `bin` first on PATH. */
  readonly env: Readonly<Record<string, string>>;
  readonly tools: ReadonlyMap<ToolName, ProvidedTool>;
}

/**
 * Makes tools ready: those that this machine has in a fitting version, those in the cache, and the rest by making them, which can take a quarter of an
 * hour the first time.
 *
 * @throws ToolchainError for a tool that cannot be had; the signal's reason when `progress.signal` fires
 */
export async function provide(names: readonly ToolName[], progress = silentProgress()): Promise<Toolchain> {
  const tools = await atHand(names);
  const missing = names.filter((name) => !tools.has(name));
  if (missing.length > 0) {
    const restoreProxy = setGlobalProxyFromEnv();
    try {
      for (const [name, tool] of await make(missing, progress)) tools.set(name, tool);
    } finally {
      restoreProxy();
    }
  }
  const linked = [...tools].filter(([name]) => toolOf(name).private !== true);
  const bin = await linkAll(linked.flatMap(([, { programs }]) => [...programs]));
  return { bin, env: environment(bin), tools };
}

/** A folder of links, which has the same name for the same links, so that running processes never see one change. */
async function linkAll(programs: readonly (readonly [name: string, path: string])[]): Promise<string> {
  const sorted = programs.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const folder = await cacheEntry(join(cacheFolder(), "links", keyOf(sorted)), async (partial) => {
    await mkdir(join(partial, "bin"));
    for (const [name, path] of sorted) await symlink(path, join(partial, "bin", name));
  });
  return join(folder, "bin");
}

function environment(bin: string): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(own), PATH: [bin, ...searchFolders()].join(delimiter) };
}
