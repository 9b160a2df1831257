import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock, CommandError, run } from "../toolchain/index.ts";
import { Control } from "./control.ts";
import { lastDescription, placesOf, type Description, type Places } from "./description.ts";
import { ClusterError } from "./error.ts";
import { refuseOther } from "./ownership.ts";
import type { Instance } from "./plan.ts";

export interface DownOptions {
  /** Keep etcd's data, images and the registry's content for the next {@link up}. Default: they are removed. */
  readonly keepState?: boolean;
}

/** How long a cluster may take to stop before it is killed, in milliseconds. */
const patience = 60_000;

/**
 * Takes a cluster down, whatever state it is in, and resolves when nothing of it is left: no process, network interface, route, control group or socket.
 *
 * @throws ClusterError naming what is left
 */
export async function down(instance: Instance, { keepState = false }: DownOptions = {}): Promise<void> {
  const places = placesOf(instance);
  await using _lock = await acquireLock(places.state);
  await stop(places);
  const description = await lastDescription(places);
  if (description !== undefined) await clean(description, places);
  if (!keepState) await rm(places.state, { recursive: true, force: true });
}

async function stop(places: Places): Promise<void> {
  using control = await Control.open(places.control);
  if (control === undefined) return;
  refuseOther(control, places);
  control.stop();
  const { pid } = control.started;
  const kill = setTimeout(() => {
    // The kernel ends everything in the cluster's namespaces with it.
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  }, patience);
  await control.first([]);
  clearTimeout(kill);
}

/** Removes what a cluster that was killed has left, and checks that nothing is left of any. */
async function clean(description: Description, places: Places): Promise<void> {
  const program = join(description.programs, "cluster-node");
  const there = await access(program).then(
    () => true,
    () => false,
  );
  if (!there) {
    throw new ClusterError(
      `Cannot check what cluster ${description.instance} has left as ${program} is gone`,
      "run npm run local, which makes it again, and then npm run local:down",
    );
  }
  try {
    await run(program, ["clean", places.description], { env: { ...description.environment } });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new ClusterError(
      error.result.stderr.trim(),
      "end what still uses it, and run npm run local:down again",
      places.logs,
    );
  }
}
