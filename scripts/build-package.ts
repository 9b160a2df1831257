import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { bundle } from "../app/bundle.ts";

/**
 * Compiles what the package ships into `dist/`: the library and the CLI as JavaScript with types (Node strips no types under `node_modules`), and the
 * containers' build contexts.
 *
 * @param root the repository
 * @throws {Error} with the compiler's messages when something does not compile
 */
export async function buildPackage(root: string): Promise<void> {
  const dist = join(root, "dist");
  await rm(dist, { recursive: true, force: true });
  const typescript = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
  await promisify(execFile)(process.execPath, [join(typescript, "bin", "tsc"), "--project", "tsconfig.build.json"], {
    cwd: root,
  }).catch((error: Error & { stdout?: string }) => {
    throw new Error(`Cannot compile the package: ${error.stdout ?? error.message}`, { cause: error });
  });
  for (const name of ["gateway", "tcp-echo"] as const) await bundle(name, join(dist, "context", name), root);
}
