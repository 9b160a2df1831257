import { watch, type FSWatcher } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Clock } from "../clock.ts";

/** Milliseconds of quiet after which a change is taken to be whole: editors and copies write in pieces. */
const QUIET = 50;

/**
 * Tells when something changes at a path: a file, also one that is replaced by another of its name, or anything in a folder.
 *
 * @param changed - may be called without anything having changed
 * @param failed - told when watching has come to an end by an error
 */
export async function watchConfig(
  path: string,
  clock: Clock,
  changed: () => void,
  failed: (error: Error) => void,
): Promise<FSWatcher> {
  const isFolder = (await stat(path)).isDirectory();
  let cancel: (() => void) | undefined;
  const watcher = watch(isFolder ? path : dirname(path), { recursive: isFolder }, (_event, name) => {
    if (!isFolder && name !== null && name !== basename(path)) return;
    cancel?.();
    cancel = clock.after(QUIET, changed);
  });
  watcher.on("error", failed);
  watcher.on("close", () => cancel?.());
  return watcher;
}
