import { readFile, readdir, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unpackDebianPackages } from "../toolchain/debian.ts";
import { run } from "../toolchain/process.ts";
import type { TarEntry } from "./tar.ts";

/** Where the package `ca-certificates` has its certificates. What an administrator has added to a machine is elsewhere, and stays there. */
const certificates = "usr/share/ca-certificates/mozilla";

/** Libraries of glibc that are loaded by name at run time, for host names and users, rather than linked. */
const loadedByName = ["libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"];

/** The shared libraries that a program needs, with the loader itself, at the paths where the loader looks for them. */
export async function librariesOf(program: string): Promise<string[]> {
  const { stdout } = await run("ldd", [program]);
  const linked = parseLdd(stdout);
  const libc = linked.find((path) => path.endsWith("/libc.so.6"));
  if (libc === undefined) {
    throw new Error(`Cannot make a base image from ${program} as it is not linked against glibc`);
  }
  const wanted = [...linked, ...loadedByName.map((name) => join(dirname(libc), name))];
  const there = await Promise.all(wanted.map((path) => stat(path).then(Boolean, () => false)));
  return [...new Set(wanted.filter((_, index) => there[index]))].sort();
}

/** Paths in what ldd(1) prints: `NAME => PATH (ADDRESS)`, or `PATH (ADDRESS)` for the loader. */
export function parseLdd(text: string): string[] {
  return [...text.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].flatMap(([, path]) => path ?? []);
}

/** The certificate authorities that the distribution trusts, as one PEM file. */
export async function certificateAuthorities(signal: AbortSignal): Promise<string> {
  const installed = join("/", certificates);
  const folder = await realpath(installed).catch(async () =>
    join((await unpackDebianPackages(["ca-certificates"], signal)).root, certificates),
  );
  const files = (await readdir(folder)).filter((name) => name.endsWith(".crt")).sort();
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  return texts.map((text) => (text.endsWith("\n") ? text : `${text}\n`)).join("");
}

/** Every entry with the folders above it that are not among the entries, in order. */
export function withFolders(entries: readonly TarEntry[]): TarEntry[] {
  const all = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries) {
    for (let folder = dirname(path); folder !== "." && folder !== "/"; folder = dirname(folder)) {
      if (!all.has(folder)) all.set(folder, { path: folder, mode: 0o755, content: { kind: "folder" } });
    }
  }
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
