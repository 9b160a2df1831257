import { ensureNodeImage } from "../images/index.ts";
import { acquireLock, silentProgress, type Progress, type Step, type Toolchain } from "../toolchain/index.ts";
import { whyNoAnswer } from "./answers.ts";
import { Control } from "./control.ts";
import { describe, lastDescription, placesOf, type Description, type Places } from "./description.ts";
import { ClusterError } from "./error.ts";
import { clusterInfo, type ClusterInfo } from "./info.ts";
import { launch } from "./launch.ts";
import { refuseOther } from "./ownership.ts";
import type { Instance } from "./plan.ts";

/**
 * Brings a cluster up, or finds that it is: its API server and registry answer, its node is ready, its DNS server answers, and the Node base image is in
 * its registry. It goes on running when this process ends, and takes up the state of the run before unless that was removed.
 *
 * When the progress's signal fires, a cluster that this call has started stops.
 *
 * @param toolchain with `clusterTools`
 * @throws ClusterError when it cannot be brought up; the signal's reason when that fires
 */
export async function up(
  instance: Instance,
  toolchain: Toolchain,
  progress: Progress = silentProgress(),
): Promise<ClusterInfo> {
  requireRoot();
  const places = placesOf(instance);
  const description = describe(instance, toolchain);
  const info = clusterInfo(instance);
  await using _lock = await acquireLock(places.state, { signal: progress.signal });
  await progress.step(`Cluster ${instance}`, async (step) => {
    if (!(await runsAlready(description, places, step))) await start(description, places, step, progress.signal);
  });
  await progress.step("Node base image", () =>
    ensureNodeImage({ registry: info.registry, record: places.nodeImage, signal: progress.signal }),
  );
  return info;
}

function requireRoot(): void {
  if (process.platform === "linux" && process.getuid?.() === 0) return;
  throw new ClusterError(
    "Cannot run a cluster here as that takes Linux and the user root",
    "run it as root on Linux, or name a cluster of yours in KUBECONFIG",
  );
}

/** Whether the cluster runs and is one to go on with. One that is not has ended when this resolves; its successor takes up its state. */
async function runsAlready(description: Description, places: Places, step: Step): Promise<boolean> {
  using control = await Control.open(places.control);
  if (control === undefined) return false;
  refuseOther(control, places);
  const state = await control.first(["ready", "stopping", "failed"], ({ message }) => {
    step.note(message);
  });
  const last = await lastDescription(places);
  if (state?.type === "ready" && last?.programs === description.programs) {
    const problem = await whyNoAnswer(places.kubeconfig);
    if (problem === undefined) return true;
    step.note(problem);
  }
  control.stop();
  await control.first([]);
  return false;
}

async function start(description: Description, places: Places, step: Step, signal: AbortSignal): Promise<void> {
  await launch(description, places);
  using control = await Control.open(places.control);
  const stop = () => control?.stop();
  signal.addEventListener("abort", stop);
  try {
    if (signal.aborted) stop();
    const state = await control?.first(["ready", "failed"], ({ message }) => {
      step.note(message);
    });
    signal.throwIfAborted();
    if (state?.type === "ready") return;
    throw new ClusterError(
      `Cluster ${description.instance} did not start: ${state?.message ?? "it was killed"}`,
      "read the logs; npm run local:down clears away what may be left",
      places.logs,
    );
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
