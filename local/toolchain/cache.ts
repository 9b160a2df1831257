import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { acquireLock, type LockOptions } from "./lock.ts";

/** Where made tools are kept: `$TCP_INGRESS_CACHE`, else `$XDG_CACHE_HOME/tcp-ingress`, else `~/.cache/tcp-ingress`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.TCP_INGRESS_CACHE) return env.TCP_INGRESS_CACHE;
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "tcp-ingress");
}

/** Where toolchains' folders of links are. */
export function linksFolder(): string {
  return join(cacheFolder(), "links");
}

/** Where the log of making `name` is. */
export function logFile(name: string): string {
  return join(cacheFolder(), "logs", `${name}.log`);
}

/** A short name for a value: the same for equal values, however their object keys are ordered by construction. */
export function keyOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}

/**
 * The cache entry at `path`: made if it is missing, by one process at a time.
 *
 * It is made in a folder beside it that gets its name only when `make` is done, so an entry that exists is whole, whenever somebody was interrupted.
 *
 * @param path the entry's folder, whose name holds everything that the content depends on
 * @param make fills the empty folder it is given
 * @returns `path`
 */
export async function cacheEntry(
  path: string,
  make: (folder: string) => Promise<void>,
  options: LockOptions = {},
): Promise<string> {
  if (await exists(path)) return path;
  await using _lock = await acquireLock(path, options);
  if (await exists(path)) return path;
  await removePartial(path);
  const partial = `${path}${partialMark}${String(process.pid)}`;
  await mkdir(partial, { recursive: true });
  await make(partial);
  await rename(partial, path);
  return path;
}

const partialMark = ".partial-";

/** What makers that were killed left behind. Only the lock's holder may call this. */
async function removePartial(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${basename(path)}${partialMark}`))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
