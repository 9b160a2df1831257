import { findProgram } from "./find.ts";
import { run } from "./process.ts";
import type { Step } from "./progress.ts";
import { findVersion } from "./version.ts";

/** A Go that can build every module of ours. */
export interface GoToolchain {
  readonly program: string;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What the newest of the modules asks for in its `go` line; a test holds it to them. */
export const oldestGo = "1.25.11";

export async function goToolchain(step: Step, signal: AbortSignal): Promise<GoToolchain> {
  const program = await findProgram("go");
  if (program === undefined) throw new Error("Cannot build as Go is missing");
  const said = await run(program, ["version"], { signal });
  return { program, version: findVersion(said.stdout) ?? "", env: process.env };
}
