import { rm } from "node:fs/promises";
import { down } from "../cluster/index.ts";
import { cacheFolder, provide, run, type Progress } from "../toolchain/index.ts";
import { localStack, localStackName } from "./local-stack.ts";
import { lockLocal } from "./lock.ts";
import { clusterFolder, stackFolder } from "./paths.ts";
import { readRecord } from "./record.ts";
import { readStackFile } from "./stack-file.ts";
import type { Target } from "./target.ts";

/**
 * Takes away what `npm run local` made: the cluster that it started, or in somebody else's the stack's resources; and the stack's state.
 *
 * @param all the cache with the tools as well
 */
export async function takeDown(progress: Progress, all: boolean): Promise<void> {
  await using _lock = await lockLocal(progress.signal);
  const record = await readRecord();
  if (record?.target.kind === "foreign") await destroy(record.target, progress);
  else await removeCluster(progress);
  await rm(stackFolder, { recursive: true, force: true });
  if (all) await progress.step("Cache", () => removeCache(progress.signal));
}

/** Takes the stack's resources out of somebody else's cluster. */
async function destroy(target: Target, progress: Progress): Promise<void> {
  const toolchain = await provide(["pulumi"], progress);
  await progress.step("Deployment (pulumi destroy)", async (step) => {
    const stack = await localStack(target, await readStackFile(localStackName), undefined, toolchain);
    await stack.ensure(progress.signal);
    step.note(await stack.destroy(progress.signal, step));
  });
}

async function removeCluster(progress: Progress): Promise<void> {
  await progress.step("Cluster", async (step) => {
    await down("local");
    await rm(clusterFolder, { recursive: true, force: true });
    step.note("gone");
  });
}

async function removeCache(signal: AbortSignal): Promise<void> {
  // Go's module cache is read-only.
  await run("chmod", ["--recursive", "u+w", cacheFolder()], { signal });
  await rm(cacheFolder(), { recursive: true, force: true });
}
