import { createHash } from "node:crypto";
import { readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { cacheEntry, cacheFolder, exists, logFile } from "./cache.ts";
import { forgetBuilds, goToolchain } from "./go.ts";
import { acquireLock } from "./lock.ts";
import { run } from "./process.ts";
import type { Step } from "./progress.ts";
import type { GoSource, Tool, ToolName } from "./tools.ts";

/** `local/`, which Go modules are named relative to. */
const localFolder = join(import.meta.dirname, "..");

/** Where the tool's programs are, or will be, once built: the name holds the version and the sources' hash. Absent when the sources are. */
export async function buildFolder(name: ToolName, source: GoSource): Promise<string | undefined> {
  const module = join(localFolder, source.module);
  if (!(await exists(join(module, "go.mod")))) return undefined;
  const hash = createHash("sha256").update(JSON.stringify([source.target, source.stamp, source.links]));
  for (const path of (await readdir(module, { recursive: true })).sort()) {
    if (!/(^|\/)go\.(mod|sum)$|(?<!_test)\.go$/.test(path)) continue;
    hash.update(`\0${path}\0`).update(await readFile(join(module, path)));
  }
  return join(buildsFolder(), `${name}-${source.version}-${hash.digest("hex").slice(0, 12)}`);
}

/**
 * Builds a tool from Go sources, after whatever else is being built on this machine, as one build takes all processors.
 *
 * An interrupted build goes on where it was: Go keeps each compiled package.
 *
 * @returns the folder with the tool's programs
 */
export async function build(
  name: ToolName,
  tool: Tool,
  source: GoSource,
  signal: AbortSignal,
  step: Step,
): Promise<string> {
  const log = logFile(name);
  const home = await buildFolder(name, source);
  if (home === undefined)
    throw new Error(`Cannot build ${name} as its sources are not in ${join(localFolder, source.module)}`);
  const go = await goToolchain(step, signal);
  step.note("waiting for another build");
  await using _lock = await acquireLock(buildsFolder(), {
    signal,
    onWait: (holder) => {
      if (holder !== process.pid) step.note(`waiting for a build of process ${String(holder)}`);
    },
  });
  const [file = name, ...links] = source.links ?? tool.programs;
  const flags = ["-s", "-w", source.stamp].filter((flag) => flag !== undefined).join(" ");
  const cwd = join(localFolder, source.module);
  const env = { ...go.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false" };
  step.note(source.version);
  const onLine = countInto(step, source.version);
  return await cacheEntry(
    home,
    async (folder) => {
      const output = join(folder, file);
      const args = ["build", "-v", "-trimpath", "-ldflags", flags, "-o", output, source.target];
      await run(go.program, args, { cwd, env, log, signal, onLine });
      for (const link of links) await symlink(file, join(folder, link));
    },
    { signal },
  );
}

/** To be called when all that is wanted is built; waits for builds that others have under way. */
export async function endBuilds(signal: AbortSignal): Promise<void> {
  await using _lock = await acquireLock(buildsFolder(), { signal });
  await forgetBuilds(signal);
}

function buildsFolder(): string {
  return join(cacheFolder(), "built");
}

/** Notes how far `go build -v` is: it tells each module that it fetches, and each package that it compiles. */
function countInto(step: Step, version: string): (line: string) => void {
  let fetched = 0;
  let compiled = 0;
  return (line) => {
    if (line.startsWith("go: downloading ")) fetched++;
    else compiled++;
    const done = compiled === 0 ? `${String(fetched)} modules fetched` : `${String(compiled)} packages compiled`;
    step.note(`${version}, ${done}`);
  };
}
