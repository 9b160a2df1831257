import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { linksFolder } from "./cache.ts";
import { CommandError, run } from "./process.ts";
import type { Tool } from "./tools.ts";
import { findVersion, fits } from "./version.ts";

/** Where administrators' programs are, which an ordinary user's PATH may leave out. */
const systemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

/**
 * The folders of PATH, then those of the system. Folders of links that a toolchain made are left out: what a process inherits from one that uses our
 * tools is no tool of the machine's.
 */
export function searchFolders(path = process.env.PATH ?? ""): string[] {
  const folders = path.split(delimiter).filter((folder) => folder !== "" && !folder.startsWith(linksFolder()));
  return [...new Set([...folders, ...systemFolders])];
}

/** The first executable file called `program` in `folders`. */
export async function findProgram(program: string, folders = searchFolders()): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, program);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/** All of the tool's programs by name, or nothing if one is missing. */
export async function findPrograms(tool: Tool, folders: readonly string[]): Promise<Map<string, string> | undefined> {
  const programs = new Map<string, string>();
  for (const program of tool.programs) {
    const path = await findProgram(program, [...folders]);
    if (path === undefined) return undefined;
    programs.set(program, path);
  }
  return programs;
}

export interface Found {
  readonly programs: ReadonlyMap<string, string>;
  readonly version: string;
}

/** The tool as this machine has it, if all its programs are there and the version fits. */
export async function findTool(tool: Tool, folders = searchFolders()): Promise<Found | undefined> {
  if (tool.version === undefined) return undefined;
  const programs = await findPrograms(tool, [...(tool.folders ?? []), ...folders]);
  const version = programs && (await versionOf(tool, programs));
  return programs !== undefined && version !== undefined && fits(version, tool.version)
    ? { programs, version }
    : undefined;
}

/** What the tool's first program says its version is; absent when it cannot be run or says none. */
export async function versionOf(tool: Tool, programs: ReadonlyMap<string, string>): Promise<string | undefined> {
  const [program] = programs.values();
  if (program === undefined || tool.version === undefined) return undefined;
  const { args, exitCode = 0 } = tool.version;
  const said = await run(program, args).catch((error: unknown) => {
    if (error instanceof CommandError) return error.exitCode === exitCode ? error.result : undefined;
    throw error;
  });
  return said && findVersion(said.stdout + said.stderr);
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
