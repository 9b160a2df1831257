import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import type { Step } from "./progress.ts";
import type { ReleaseSource, ToolName } from "./tools.ts";

/** Where a downloaded tool's programs are. */
export function releaseFolder(name: ToolName, source: ReleaseSource): string {
  return join(cacheFolder(), "release", `${name}-${source.version}-${process.arch}`);
}

export function downloadRelease(
  _name: ToolName,
  _source: ReleaseSource,
  _signal: AbortSignal,
  _step: Step,
): Promise<string | undefined> {
  return Promise.resolve(undefined);
}
