import type { Control } from "./control.ts";
import type { Places } from "./description.ts";
import { ClusterError } from "./error.ts";

/** @throws ClusterError when the cluster belongs to another checkout of this repository, which has other state */
export function refuseOther({ started }: Control, { state }: Places): void {
  if (started.state === state) return;
  throw new ClusterError(
    `Cannot use this machine's cluster as it runs from ${String(started.state)}`,
    "take it down there: npm run local:down",
  );
}
