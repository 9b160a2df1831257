import { whyNoAnswer } from "./answers.ts";
import { Control } from "./control.ts";
import { placesOf } from "./description.ts";
import { clusterInfo, type ClusterInfo } from "./info.ts";
import type { Instance } from "./plan.ts";

/** What a cluster is reached by; undefined when it is not running, not ready yet, or does not answer. */
export async function status(instance: Instance): Promise<ClusterInfo | undefined> {
  const places = placesOf(instance);
  using control = await Control.open(places.control);
  if (control === undefined || control.started.state !== places.state) return undefined;
  let ready = false;
  await control.first(["now"], ({ type }) => {
    if (type === "ready") ready = true;
    if (type === "stopping" || type === "failed") ready = false;
  });
  return ready && (await whyNoAnswer(places.kubeconfig)) === undefined ? clusterInfo(instance) : undefined;
}
