import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheEntry, cacheFolder, exists, keyOf, logFile } from "./cache.ts";
import { linkUnpackedPrograms } from "./unpacked.ts";
import { CommandError, run } from "./process.ts";

/** A package in one version, as `apt-get download` takes it. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
}

/** Unpacked packages: `root` is laid out as `/` is, `bin` has the programs in a form that runs from here. */
export interface UnpackedPackages {
  readonly root: string;
  readonly bin: string;
}

/** Changes when other things are made of the same packages. */
const layoutVersion = 1;

/**
 * Debian packages, with whatever they depend on that this machine has not installed, unpacked into the cache.
 *
 * What that is gets found out again whenever dpkg's list of installed packages has changed.
 *
 * @param wanted the packages' names
 * @throws CommandError when apt does not know a package or cannot fetch it
 */
export async function unpackDebianPackages(wanted: readonly string[], signal: AbortSignal): Promise<UnpackedPackages> {
  const plan = await cacheEntry(
    await planFolder(wanted),
    async (folder) => {
      const packages = await fetchAndUnpack(wanted, signal);
      await writeFile(join(folder, planFile), JSON.stringify(packages, undefined, 2));
    },
    { signal },
  );
  return unpackedBy(plan);
}

/** What {@link unpackDebianPackages} made before for the same packages. */
export async function debianPackagesAtHand(wanted: readonly string[]): Promise<UnpackedPackages | undefined> {
  if (wanted.length === 0 || !(await exists(dpkgStatus))) return undefined;
  const plan = await planFolder(wanted);
  return (await exists(plan)) ? unpackedBy(plan) : undefined;
}

/** dpkg's list of installed packages. */
const dpkgStatus = "/var/lib/dpkg/status";

const planFile = "packages.json";

async function planFolder(wanted: readonly string[]): Promise<string> {
  return join(cacheFolder(), "debian", `plan-${keyOf([wanted.toSorted(), await readFile(dpkgStatus, "utf8")])}`);
}

async function unpackedBy(plan: string): Promise<UnpackedPackages> {
  const folder = unpackedFolder(JSON.parse(await readFile(join(plan, planFile), "utf8")) as DebianPackage[]);
  return { root: join(folder, "root"), bin: join(folder, "bin") };
}

/** What is to be installed, in apt's order, by what `apt-get install --simulate` printed. */
export function parsePlan(simulation: string): DebianPackage[] {
  const packages: DebianPackage[] = [];
  for (const line of simulation.split("\n")) {
    // "Inst NAME [OLD VERSION] (VERSION ARCHIVE, … [ARCHITECTURE])"; a new package has no old version.
    const match = /^Inst (\S+) (?:\[\S+\] )?\((\S+) /.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) packages.push({ name: match[1], version: match[2] });
  }
  return packages;
}

/**
 * Unpacks packages, and what they depend on that the machine has not installed, into `root`, for a use that ends soon.
 *
 * @throws CommandError when apt does not know a package or cannot fetch it
 */
export async function unpackInto(root: string, wanted: readonly string[], signal: AbortSignal): Promise<void> {
  await withLists(signal, async (lists) => {
    await extract(await plan(wanted, lists, signal), root, lists, signal);
  });
}

function fetchAndUnpack(wanted: readonly string[], signal: AbortSignal): Promise<DebianPackage[]> {
  return withLists(signal, async (lists) => {
    const packages = await plan(wanted, lists, signal);
    const home = unpackedFolder(packages);
    await cacheEntry(
      home,
      async (folder) => {
        await mkdir(join(folder, "root"));
        await extract(packages, join(folder, "root"), lists, signal);
        await linkUnpackedPrograms(folder, home);
      },
      { signal },
    );
    return packages;
  });
}

/** Options of apt that name the lists of packages to use. */
type Lists = readonly string[];

/** Does it with the machine's lists of packages, and where these are missing or name what is no longer there, with fresh ones. */
async function withLists<T>(signal: AbortSignal, use: (lists: Lists) => Promise<T>): Promise<T> {
  try {
    return await use([]);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return await use(await freshLists(signal));
  }
}

async function plan(wanted: readonly string[], lists: Lists, signal: AbortSignal): Promise<DebianPackage[]> {
  const simulation = await apt([...lists, "install", "--simulate", "--no-install-recommends", ...wanted], signal);
  return parsePlan(simulation.stdout);
}

async function extract(
  packages: readonly DebianPackage[],
  root: string,
  lists: Lists,
  signal: AbortSignal,
): Promise<void> {
  if (packages.length === 0) return;
  const archives = `${root}.archives`;
  await rm(archives, { recursive: true, force: true });
  await mkdir(archives);
  await apt([...lists, "download", ...packages.map(({ name, version }) => `${name}=${version}`)], signal, archives);
  for (const archive of await readdir(archives)) {
    await run("dpkg-deb", ["--extract", join(archives, archive), root], { log: logFile("debian"), signal });
  }
  await rm(archives, { recursive: true });
}

function unpackedFolder(packages: readonly DebianPackage[]): string {
  return join(cacheFolder(), "debian", keyOf([layoutVersion, packages]));
}

/**
 * Fetches lists of packages into the cache, so that the machine's own stay as they are.
 *
 * @returns the options that make apt use them
 */
async function freshLists(signal: AbortSignal): Promise<string[]> {
  const folder = join(cacheFolder(), "debian", "apt");
  await mkdir(join(folder, "lists", "partial"), { recursive: true });
  const options = ["-o", `Dir::State::Lists=${folder}/lists`, "-o", `Dir::Cache=${folder}/cache`];
  // One repository of several that is away fails the update, though the others' lists are there; whether they suffice the plan tells.
  await apt([...options, "update"], signal).catch((error: unknown) => {
    if (!(error instanceof CommandError)) throw error;
  });
  return options;
}

function apt(args: readonly string[], signal: AbortSignal, cwd?: string) {
  // The user that apt downloads as by default cannot write to the cache. What is fetched is checked against signed lists all the same.
  const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
  return run("apt-get", ["-q", "-o", "APT::Sandbox::User=root", ...args], { env, log: logFile("debian"), signal, cwd });
}
