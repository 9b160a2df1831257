import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheEntry, cacheFolder, exists, logFile } from "./cache.ts";
import { unpackInto } from "./debian.ts";
import { download, DownloadError } from "./download.ts";
import { findProgram } from "./find.ts";
import { isReachable } from "./network.ts";
import { CommandError, run } from "./process.ts";
import type { Step } from "./progress.ts";
import { releaseArchitecture } from "./release.ts";
import { compareVersions, findVersion } from "./version.ts";

/** A Go that can build every module of ours. */
export interface GoToolchain {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What the modules ask for in their `go` lines; a test holds it to them. */
export const oldestGo = "1.25.11";

/** The Go that is fetched where none is new enough. */
export const fetchedGo = "1.26.8";

/** The first Go that can fetch another one by itself (`GOTOOLCHAIN`). */
const firstSwitchingGo = "1.21";

/** How {@link goToolchain} gets its Go. */
export type GoPlan = "use" | "switch" | "fetch";

/** What is to be done on a machine whose PATH has Go in version `found`, or none. */
export function planGo(found: string | undefined): GoPlan {
  if (found === undefined || compareVersions(found, firstSwitchingGo) < 0) return "fetch";
  return compareVersions(found, oldestGo) < 0 ? "switch" : "use";
}

/**
 * A Go that is new enough: the machine's; the machine's, told to fetch a newer one; one of our own in the cache, from its official download or through
 * the Go module proxy. The machine's Go keeps its caches where it always does, one of our own in our cache.
 */
export async function goToolchain(step: Step, signal: AbortSignal): Promise<GoToolchain> {
  const program = await findProgram("go");
  const found =
    program &&
    findVersion((await run(program, ["env", "GOVERSION"], { env: { ...process.env, GOTOOLCHAIN: "local" } })).stdout);
  const plan = planGo(found);
  if (program !== undefined && plan !== "fetch") {
    return { program, env: { ...process.env, GOTOOLCHAIN: plan === "use" ? "local" : `go${fetchedGo}` } };
  }
  step.note(`fetching Go ${fetchedGo}`);
  await cacheEntry(ownHome(), (folder) => fetchGo(folder, program, signal), { signal });
  return ownGo();
}

/**
 * Takes away what a Go of our own keeps for the next build, which is gigabytes: for when everything is built. A machine's own Go keeps what it has.
 */
export async function forgetBuilds(signal: AbortSignal): Promise<void> {
  const { program, env } = ownGo();
  if (await exists(program)) await run(program, ["clean", "-cache", "-modcache"], { env, log: logFile("go"), signal });
}

function ownHome(): string {
  return join(cacheFolder(), "go", fetchedGo);
}

function ownGo(): GoToolchain {
  const root = join(ownHome(), "go");
  const own = {
    GOROOT: root,
    GOPATH: join(cacheFolder(), "go", "path"),
    GOCACHE: join(cacheFolder(), "go", "build"),
  };
  return { program: join(root, "bin", "go"), env: { ...process.env, ...own, GOTOOLCHAIN: "local" } };
}

/** Puts a Go into `folder`/go. */
async function fetchGo(folder: string, oldGo: string | undefined, signal: AbortSignal): Promise<void> {
  const official = await downloadGo(folder, signal);
  if (!official) await fetchGoModule(folder, oldGo ?? (await debianGo(folder, signal)), signal);
}

/** Go's official download, where the network allows. */
async function downloadGo(folder: string, signal: AbortSignal): Promise<boolean> {
  const url = `https://dl.google.com/go/go${fetchedGo}.linux-${releaseArchitecture() ?? ""}.tar.gz`;
  if (releaseArchitecture() === undefined || !(await isReachable(url, signal))) return false;
  const archive = join(folder, "go.tar.gz");
  try {
    await download({ url, checksums: `${url}.sha256` }, archive, signal);
    await run("tar", ["--extract", "--gzip", "--no-same-owner", "--file", archive, "--directory", folder], { signal });
    return true;
  } catch (error) {
    if (error instanceof DownloadError || error instanceof CommandError) return false;
    throw error;
  } finally {
    await rm(archive, { force: true });
  }
}

/**
 * Go as a module, which any Go can download from the module proxy and check against the checksum database: it is what Go itself fetches when a module
 * asks for a newer one (https://go.dev/doc/toolchain). A module's files are never executable, so that is set here, as Go does it.
 */
async function fetchGoModule(folder: string, anyGo: string, signal: AbortSignal): Promise<void> {
  const path = join(folder, "path");
  const module = `golang.org/toolchain@v0.0.1-go${fetchedGo}.linux-${releaseArchitecture() ?? process.arch}`;
  const env = {
    ...process.env,
    GOPATH: path,
    GOCACHE: join(folder, "cache"),
    GOFLAGS: "-modcacherw",
    GOTOOLCHAIN: "local",
  };
  await run(anyGo, ["mod", "download", module], { env, cwd: folder, log: logFile("go"), signal });
  const go = join(folder, "go");
  await rename(join(path, "pkg", "mod", module), go);
  for (const programs of [join(go, "bin"), join(go, "pkg", "tool")]) {
    for (const entry of await readdir(programs, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) await chmod(join(entry.parentPath, entry.name), 0o755);
    }
  }
  for (const rest of ["path", "cache", "debian"]) await rm(join(folder, rest), { recursive: true, force: true });
}

/** Debian's Go, unpacked into `folder`/debian: too old to build with, but good enough to fetch a newer one. */
async function debianGo(folder: string, signal: AbortSignal): Promise<string> {
  const root = join(folder, "debian");
  await mkdir(root);
  await unpackInto(root, ["golang-go"], signal);
  const [version = "go"] = (await readdir(join(root, "usr", "lib"))).filter((name) => name.startsWith("go-"));
  return join(root, "usr", "lib", version, "bin", "go");
}
