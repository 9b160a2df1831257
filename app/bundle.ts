import { chmod, mkdir, readFile, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compile } from "./bundle/compile.ts";
import type { ContainerName } from "./container-name.ts";

/** What a container starts, by the name that it has beside all else: main.js, and the programs of its threads. */
const programs: Readonly<Record<ContainerName, Readonly<Record<string, string>>>> = {
  gateway: { main: "main.ts", worker: join("engine", "workers", "worker.ts") },
  "tcp-echo": { main: "main.ts" },
};

/** Every file has this time, as an image's layers keep it. */
const EPOCH = new Date("2000-01-01T00:00:00Z");

/**
 * Writes a container's build context into a folder, which then holds nothing else.
 *
 * @param root - the folder that holds `app/` and `node_modules/`
 * @returns the folder
 */
export async function bundle(
  name: ContainerName,
  folder: string,
  root = join(import.meta.dirname, ".."),
): Promise<string> {
  const source = join(root, "app", name);
  const compiled = await compile(
    Object.fromEntries(Object.entries(programs[name]).map(([program, file]) => [program, join(source, file)])),
    { root },
  );
  const files = new Map<string, Uint8Array>([
    [join("app", "package.json"), Buffer.from('{"type":"module"}\n')],
    ["Dockerfile", await readFile(join(source, "Dockerfile"))],
    [".dockerignore", await readFile(join(source, ".dockerignore"))],
  ]);
  for (const [file, contents] of compiled) files.set(join("app", file), contents);

  await mkdir(join(folder, "app"), { recursive: true });
  for (const [path, contents] of files) await writeWhereDifferent(join(folder, path), contents);
  for (const path of await readdir(folder, { recursive: true })) {
    if (path !== "app" && !files.has(path)) await rm(join(folder, path), { recursive: true, force: true });
  }
  return folder;
}

async function writeWhereDifferent(path: string, contents: Uint8Array): Promise<void> {
  const present = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (present === undefined || !present.equals(contents)) await writeFile(path, contents);
  await chmod(path, 0o644);
  await utimes(path, EPOCH, EPOCH);
}
