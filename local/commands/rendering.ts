import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { status } from "../cluster/index.ts";
import { provide, type Progress } from "../toolchain/index.ts";
import { clusterConfig, localStackName } from "./local-stack.ts";
import { localFolder } from "./paths.ts";
import { choosePolicy } from "./policy.ts";
import { FileStack } from "./pulumi.ts";
import { composeStackFile, passphraseOf, readStackFile } from "./stack-file.ts";

/**
 * Writes the Kubernetes objects of a stack as YAML files: a deployment with the configuration key `renderTo`, in a state that is thrown away. Images that the
 * stack builds are built and pushed, as the objects name them by digest. The policy pack is run as for a deployment; what it has against the stack as a whole is known only when the files are there.
 *
 * @returns paths of the files
 */
export async function render(stack: string, folder: string, progress: Progress): Promise<string[]> {
  const { signal } = progress;
  const toolchain = await provide(["pulumi"], progress);
  await mkdir(localFolder, { recursive: true });
  const scratch = await mkdtemp(join(localFolder, "render-"));
  try {
    const tracked = await readStackFile(stack);
    const state = new FileStack(stack, scratch, toolchain, {
      passphrase: passphraseOf(tracked),
      log: join(localFolder, "render.log"),
    });
    const cluster = stack === localStackName ? await status("local") : undefined;
    const { kubeconfig: _unused, ...images } = clusterConfig(cluster);
    await composeStackFile(state.configFile, { ...tracked, config: renderConfig(tracked.config, folder) }, images);
    await state.ensure(signal);
    await progress.step("Rendering (pulumi up)", async (step) => {
      await state.up(signal, step, choosePolicy(stack).flags);
      step.note(folder);
    });
    return await filesIn(folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The configuration of a stack that writes its objects to `folder`: no cluster has part in that, and the provider refuses one. */
export function renderConfig(config: Readonly<Record<string, unknown>> = {}, folder: string): Record<string, unknown> {
  const cluster = ["tcp-ingress:kubeconfig", "tcp-ingress:kubeContext"];
  const kept = Object.entries(config).filter(([key]) => !cluster.includes(key));
  return { ...Object.fromEntries(kept), "tcp-ingress:renderTo": folder };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
