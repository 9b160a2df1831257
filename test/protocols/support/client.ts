import { createHash, randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { run } from "../../../local/toolchain/process.ts";

/** Milliseconds that a client may take before it is ended, and its test has failed. */
export const PATIENCE = 60_000;

/** Runs a client to its end and gives what it printed; fails with what it said when it fails. */
export async function client(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, args, { signal: AbortSignal.timeout(PATIENCE) });
  return stdout;
}

/** Writes a file of random bytes. */
export async function writeRandom(path: string, bytes: number): Promise<void> {
  await writeFile(path, randomBytes(bytes));
}

/** The same for the same bytes. */
export async function digestOf(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}
