import { setGlobalProxyFromEnv } from "node:http";
import { mkdir, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheEntry, keyOf, linksFolder } from "./cache.ts";
import { searchFolders } from "./find.ts";
import { pulumiPlugins } from "./plugins.ts";
import { silentProgress, type Progress } from "./progress.ts";
import { atHand, make, type ProvidedTool } from "./provide.ts";
import { toolOf, type ToolName } from "./tools.ts";

export { cacheFolder } from "./cache.ts";
export { ToolchainError } from "./error.ts";
export { findProgram } from "./find.ts";
export { acquireLock } from "./lock.ts";
export { CommandError, run, type RunResult } from "./process.ts";
export { silentProgress, terminalProgress, type Progress, type Step, type Work } from "./progress.ts";
export type { Origin, ProvidedTool } from "./provide.ts";
export { clusterToolNames, protocolToolNames, type ToolName } from "./tools.ts";

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
 * hour the first time. With `pulumi` come the plugins that the stack program needs.
 *
 * @throws ToolchainError for a tool that cannot be had; the signal's reason when `progress.signal` fires
 */
export async function provide(names: readonly ToolName[], progress = silentProgress()): Promise<Toolchain> {
  using _proxy = proxyFromEnvironment();
  const tools = await atHand(names);
  const missing = names.filter((name) => !tools.has(name));
  if (missing.length > 0) for (const [name, tool] of await make(missing, progress)) tools.set(name, tool);
  const bin = await linkAll(await programsOf(tools, progress));
  return { bin, env: environment(bin), tools };
}

/** What is linked: name and path of every program. */
async function programsOf(tools: ReadonlyMap<ToolName, ProvidedTool>, progress: Progress): Promise<[string, string][]> {
  const linked = [...tools].filter(([name]) => toolOf(name).private !== true);
  const pulumi = tools.get("pulumi");
  const plugins = pulumi === undefined ? [] : await pulumiPlugins(pulumi.path, progress);
  return [...linked.flatMap(([, { programs }]) => [...programs]), ...plugins];
}

/** A folder of links, which has the same name for the same links, so that running processes never see one change. */
async function linkAll(programs: readonly (readonly [name: string, path: string])[]): Promise<string> {
  const sorted = programs.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const folder = await cacheEntry(join(linksFolder(), keyOf(sorted)), async (partial) => {
    await mkdir(join(partial, "bin"));
    for (const [name, path] of sorted) await symlink(path, join(partial, "bin", name));
  });
  return join(folder, "bin");
}

function environment(bin: string): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(own), PATH: [bin, ...searchFolders()].join(delimiter) };
}

/** Makes fetch() use the proxies that the environment names, as apt and Go do, for as long as tools are made. */
function proxyFromEnvironment(): Disposable {
  const restore = setGlobalProxyFromEnv();
  return { [Symbol.dispose]: restore };
}
