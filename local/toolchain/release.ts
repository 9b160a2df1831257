import { appendFile, chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cacheEntry, cacheFolder, logFile } from "./cache.ts";
import { download, DownloadError } from "./download.ts";
import { isReachable } from "./network.ts";
import { CommandError, run } from "./process.ts";
import type { Step } from "./progress.ts";
import type { Architecture, ReleaseFile, ReleaseSource, ToolName } from "./tools.ts";

/** Where a downloaded tool's programs are. */
export function releaseFolder(name: ToolName, source: ReleaseSource): string {
  return join(cacheFolder(), "release", `${name}-${source.version}`);
}

/** This machine's architecture as release files name it; absent where there are none. */
export function releaseArchitecture(): Architecture | undefined {
  return process.arch === "x64" ? "amd64" : process.arch === "arm64" ? "arm64" : undefined;
}

/**
 * Downloads a tool from its project's site, where that can be reached.
 *
 * @returns the folder with its programs; absent when it cannot be had, for a reason that the tool's log tells
 */
export async function downloadRelease(
  name: ToolName,
  source: ReleaseSource,
  signal: AbortSignal,
  step: Step,
): Promise<string | undefined> {
  const architecture = releaseArchitecture();
  const files = architecture === undefined ? [] : source.files(architecture);
  const reachable = await Promise.all(files.map(({ url }) => isReachable(url, signal)));
  if (files.length === 0 || reachable.includes(false)) return undefined;
  step.note(`downloading ${source.version}`);
  try {
    return await cacheEntry(
      releaseFolder(name, source),
      async (folder) => void (await Promise.all(files.map((file) => fetchPrograms(file, folder, signal)))),
      { signal },
    );
  } catch (error) {
    if (!(error instanceof DownloadError || error instanceof CommandError)) throw error;
    await mkdir(dirname(logFile(name)), { recursive: true });
    await appendFile(logFile(name), `${error.message}\n`);
    return undefined;
  }
}

async function fetchPrograms(file: ReleaseFile, folder: string, signal: AbortSignal): Promise<void> {
  const fetched = join(folder, basename(new URL(file.url).pathname));
  await download(file, fetched, signal);
  if (/\.(tar\.gz|tgz)$/.test(fetched)) {
    const unpacked = `${fetched}.unpacked`;
    await mkdir(unpacked);
    await run("tar", ["--extract", "--gzip", "--no-same-owner", "--file", fetched, "--directory", unpacked], {
      signal,
    });
    for (const entry of await readdir(unpacked, { recursive: true, withFileTypes: true })) {
      const wanted = entry.isFile() && file.programs.includes(entry.name);
      if (wanted) await rename(join(entry.parentPath, entry.name), join(folder, entry.name));
    }
    await rm(unpacked, { recursive: true });
    await rm(fetched);
  }
  for (const program of file.programs) await chmod(join(folder, program), 0o755);
}
