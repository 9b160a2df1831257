import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findUpwards, type PackageManager } from "./package-manager.ts";

/** A package that a program depends on. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
}

interface LockFile {
  readonly packages?: Readonly<
    Record<string, { readonly name?: string; readonly version?: string; readonly link?: boolean }>
  >;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * Lists what npm's lock file has locked for a program, for `pulumi about`: the packages that package.json names, or all.
 * @throws Error where there is no lock file of npm's, format 2 or later
 */
export function programDependencies(manager: PackageManager, directory: string, transitive: boolean): Dependency[] {
  if (manager !== "npm") {
    throw new Error(
      `Cannot list the dependencies of ${directory} as it is installed by ${manager}, and only npm's lock file is understood here`,
    );
  }
  const path = findUpwards(directory, "package-lock.json");
  if (path === undefined) {
    throw new Error(
      `Cannot list the dependencies of ${directory} as there is no package-lock.json in it or above; run npm install`,
    );
  }
  const { packages } = JSON.parse(readFileSync(path, "utf8")) as LockFile;
  if (!packages)
    throw new Error(`Cannot list the dependencies in ${path} as it is older than npm 7; run npm install to renew it`);
  const locked = Object.entries(packages).flatMap(([place, { name, version, link }]) => {
    const folder = "node_modules/";
    const at = place.lastIndexOf(folder);
    if (at < 0 || link || version === undefined) return [];
    return [{ name: name ?? place.slice(at + folder.length), version, nested: at > 0 }];
  });
  const direct = transitive ? undefined : directNames(join(dirname(path), "package.json"));
  return locked
    .filter(({ name, nested }) => !direct || (direct.has(name) && !nested))
    .map(({ name, version }) => ({ name, version }));
}

function directNames(path: string): Set<string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  return new Set(Object.keys({ ...dependencies, ...devDependencies }));
}
