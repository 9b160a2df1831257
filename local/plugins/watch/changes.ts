import { type FSWatcher, watch } from "node:fs";
import { basename } from "node:path";

/** How long the files must be left alone before a change is told: an editor saves in several steps. */
const quietMilliseconds = 200;

/** Hidden files and folders, where tools keep their state, and installed packages: no part of a program that somebody edits. */
const passedOver = /(^|[/\\])(\.[^/\\]+|node_modules)([/\\]|$)/;

/**
 * Calls `tell` whenever files below the folders have changed and then been left alone for a moment, with the name of the last one.
 * @param paths absolute paths of folders, or of single files
 */
export function watchChanges(paths: readonly string[], tell: (name: string) => void): Disposable {
  let quiet: NodeJS.Timeout | undefined;
  const watchers = paths.map((path): FSWatcher =>
    watch(path, { recursive: true, ignore: (name) => passedOver.test(name) }, (_event, name) => {
      clearTimeout(quiet);
      quiet = setTimeout(tell, quietMilliseconds, name ?? basename(path));
    }),
  );
  return {
    [Symbol.dispose]: () => {
      clearTimeout(quiet);
      for (const watcher of watchers) watcher.close();
    },
  };
}
