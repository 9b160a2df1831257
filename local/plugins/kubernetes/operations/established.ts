import type { Cluster } from "../api/client.ts";
import { observe } from "../api/observe.ts";
import { byName } from "../await/readiness.ts";
import { isConditionTrue } from "../await/conditions.ts";
import { type KubernetesObject, nameOf } from "../object.ts";
import type { OperationContext } from "./context.ts";

/** The API server takes well under a second; a definition whose names are taken by another never gets there. */
const limitMillis = 30_000;

/**
 * Waits until a CustomResourceDefinition's kind is served, so that its custom resources need no second attempt. The state does not wait: it holds the
 * object as it was created, as the official provider's does.
 */
export async function awaitEstablished(
  definition: KubernetesObject,
  cluster: Cluster,
  { log, cancelled }: OperationContext,
): Promise<void> {
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, cancelled, AbortSignal.timeout(limitMillis)]);
  await observe(
    await cluster.clientFor(definition),
    byName(nameOf(definition)),
    ({ object }) => {
      if (isConditionTrue(object, "Established")) done.abort();
    },
    signal,
  );
  if (!done.signal.aborted)
    log.say(
      "warning",
      `CustomResourceDefinition ${nameOf(definition)} is not established yet: its custom resources may fail`,
    );
  cluster.discovery.forget();
}
