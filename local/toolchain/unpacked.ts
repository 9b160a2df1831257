import { existsSync } from "node:fs";
import { glob, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { exists } from "./cache.ts";
import { CommandError, run } from "./process.ts";

/** Where packages put programs; PostgreSQL's own come before Debian's wrappers of the same names, which look for an installed server. */
const programFolders = ["usr/lib/postgresql/*/bin", "usr/sbin", "usr/bin", "sbin", "bin"];

/** The names that update-alternatives would give to one implementation of iptables. */
const iptablesPrograms = ["iptables", "ip6tables"].flatMap((program) => [
  program,
  `${program}-save`,
  `${program}-restore`,
]);

/**
 * Fills `bin` beside `root` with a name for every program of unpacked packages: a link, or, where the program needs libraries that the machine lacks or
 * loads parts of its own, a script that tells it where they are. The environment of no other program is touched by that.
 *
 * @param folder the folder that holds `root`
 * @param home what `folder` will be called when it is used
 */
export async function linkUnpackedPrograms(folder: string, home: string): Promise<void> {
  const root = join(folder, "root");
  const bin = join(folder, "bin");
  await mkdir(bin);
  const env = await libraryEnvironment(root, home);
  const programs = await unpackedPrograms(root);
  for (const [name, path] of programs) {
    if (await needsLibraries(join(root, path))) await writeScript(join(bin, name), join(home, "root", path), env);
    else await symlink(join("..", "root", path), join(bin, name));
  }
  if (!programs.has("iptables-nft")) return;
  const variant = await workingIptables(root, await libraryEnvironment(root, folder));
  for (const name of iptablesPrograms) {
    const path = programs.get(name.replace(/^ip6?tables/, (program) => `${program}-${variant}`));
    if (path !== undefined && !programs.has(name)) await writeScript(join(bin, name), join(home, "root", path), env);
  }
}

/** Program names and their paths below `root`. */
async function unpackedPrograms(root: string): Promise<Map<string, string>> {
  const programs = new Map<string, string>();
  for (const folder of programFolders) {
    const found = await Array.fromAsync(glob(`${folder}/*`, { cwd: root }));
    for (const path of found.sort()) {
      const name = basename(path);
      // A link may lead to a package that the machine has installed already and that is not here.
      if (!programs.has(name) && (await exists(join(root, path)))) programs.set(name, path);
    }
  }
  return programs;
}

/** What programs from unpacked packages need to be told, as environment variables. Empty when the packages hold no libraries. */
async function libraryEnvironment(root: string, home: string): Promise<Record<string, string>> {
  const folders: string[] = [];
  for (const parent of ["usr/lib", "lib"]) {
    if (!(await exists(join(root, parent)))) continue;
    // Debian's multiarch layout: a folder for each kind of machine.
    for (const name of await readdir(join(root, parent)))
      if (name.includes("-linux-gnu")) folders.push(join(parent, name));
  }
  if (folders.length === 0) return {};
  const extensions = folders
    .map((folder) => join(folder, "xtables"))
    .filter((folder) => existsSync(join(root, folder)));
  return {
    LD_LIBRARY_PATH: folders.map((folder) => join(home, "root", folder)).join(":"),
    ...(extensions[0] === undefined ? {} : { XTABLES_LIBDIR: join(home, "root", extensions[0]) }),
  };
}

/** Whether the dynamic linker misses something. A script or a static program misses nothing. */
async function needsLibraries(program: string): Promise<boolean> {
  const linked = await run("ldd", [program]).catch((error: unknown) => {
    if (error instanceof CommandError) return error.result;
    throw error;
  });
  return linked.stdout.includes("not found");
}

async function writeScript(path: string, program: string, env: Readonly<Record<string, string>>): Promise<void> {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}="${value}"\n`);
  await writeFile(path, `#!/bin/sh\n${exports.join("")}exec "${program}" "$@"\n`, { mode: 0o755 });
}

/** iptables over nftables where the kernel has these, as Debian has it; else the legacy one. Tried in a network namespace of its own. */
function workingIptables(root: string, env: Readonly<Record<string, string>>): Promise<"nft" | "legacy"> {
  return run("unshare", ["--net", join(root, "usr/sbin/iptables-nft"), "-t", "nat", "-S"], {
    env: { ...process.env, ...env },
  }).then(
    () => "nft" as const,
    () => "legacy" as const,
  );
}
