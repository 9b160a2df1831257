import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";
import type { PackageManagerChoice } from "./program.ts";

/** A package manager that can be run. */
export type PackageManager = Exclude<PackageManagerChoice, "auto">;

const lockFiles: readonly (readonly [file: string, manager: PackageManager])[] = [
  ["yarn.lock", "yarn"],
  ["pnpm-lock.yaml", "pnpm"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
];

/** The package manager that is asked for; else `PULUMI_PREFER_YARN`, the nearest lock file, and at last npm decide. */
export function choosePackageManager(choice: PackageManagerChoice, directory: string): PackageManager {
  if (choice !== "auto") return choice;
  if (["1", "true"].includes(process.env["PULUMI_PREFER_YARN"]?.toLowerCase() ?? "")) return "yarn";
  return lockFiles.find(([file]) => findUpwards(directory, file) !== undefined)?.[1] ?? "npm";
}

/** The arguments that install what package.json asks for. `production` leaves devDependencies out. */
export function installArguments(manager: PackageManager, production: boolean): string[] {
  return [
    "install",
    // npm alone warns of missing descriptions and licences, which a program needs not.
    ...(manager === "npm" ? ["--loglevel=error"] : []),
    ...(production ? ["--production"] : []),
  ];
}

/** The root of the npm, yarn or pnpm workspace that a folder's package is a member of, else the folder itself. */
export function workspaceRoot(directory: string): string {
  const manifest = findUpwards(directory, "package.json");
  if (manifest === undefined) return directory;
  const member = dirname(manifest);
  for (let folder = member; ; folder = dirname(folder)) {
    const isMember = (pattern: string) => {
      const wanted = relative(folder, manifest);
      return globSync(`${pattern}/package.json`, { cwd: folder }).includes(wanted);
    };
    if (workspacePatterns(folder).some(isMember)) return folder;
    if (folder === dirname(folder)) return directory;
  }
}

/** The path of the file in the folder or the nearest folder above that has it. */
export function findUpwards(directory: string, file: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    const path = join(folder, file);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

function workspacePatterns(folder: string): string[] {
  const pnpm = join(folder, "pnpm-workspace.yaml");
  const manifest = join(folder, "package.json");
  return [
    ...(existsSync(pnpm)
      ? strings((parse(readFileSync(pnpm, "utf8")) as { packages?: unknown } | null)?.packages)
      : []),
    ...(existsSync(manifest)
      ? strings((JSON.parse(readFileSync(manifest, "utf8")) as { workspaces?: unknown }).workspaces)
      : []),
  ];
}

/** Yarn has `{ packages: […] }` where the others have the list itself. */
function strings(value: unknown): string[] {
  const list: unknown = typeof value === "object" && value !== null && "packages" in value ? value.packages : value;
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}
