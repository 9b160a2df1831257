import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stackFolder } from "./paths.ts";
import type { Target } from "./target.ts";

/** A port of the ingress gateway, as the stack's output `endpoints` lists it. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly subsets: readonly string[];
}

/** What the last `npm run local` came to. */
export interface LocalRecord {
  readonly target: Target;
  /** The cluster's identity, as `clusterIdentity` tells it. */
  readonly cluster: string;
  /** Of what was deployed; absent as long as a deployment has not succeeded. */
  readonly fingerprint?: string;
  readonly endpoints: readonly Endpoint[];
  readonly kubeconfig: string;
  /** Where the tools are that were used. */
  readonly bin: string;
}

const path = join(stackFolder, "record.json");

export async function readRecord(file = path): Promise<LocalRecord | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as LocalRecord;
  } catch (error) {
    // Missing, or cut short by the end of the process that wrote it: nothing is known.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export async function writeRecord(record: LocalRecord, file = path): Promise<void> {
  await mkdir(stackFolder, { recursive: true });
  await writeFile(file, JSON.stringify(record, undefined, 2));
}
