import type { ResourceClient } from "../api/client.ts";
import { isNotFound } from "../api/error.ts";
import { observe } from "../api/observe.ts";
import type { OperationLog } from "../log.ts";
import { type KubernetesObject, listAt, nameOf, textAt } from "../object.ts";
import { AwaitError } from "./error.ts";
import { byName } from "./readiness.ts";

/** Waits until an object is gone; its dependents and finalizers may hold it for long. */
export async function awaitDeleted(
  client: ResourceClient,
  object: KubernetesObject,
  { log, timeoutMillis, cancelled }: { log: OperationLog; timeoutMillis: number; cancelled: AbortSignal },
): Promise<void> {
  const gone = new AbortController();
  let last = object;
  await observe(
    client,
    byName(nameOf(object)),
    ({ type, object: seen }) => {
      last = seen;
      if (type === "DELETED") gone.abort();
      else if (textAt(seen, "metadata", "deletionTimestamp") !== "")
        log.status("info", "Resource scheduled for deletion");
    },
    AbortSignal.any([gone.signal, cancelled, AbortSignal.timeout(timeoutMillis)]),
    // Gone before the first list, it is never told as deleted.
    (count) => {
      if (count === 0) gone.abort();
    },
  );
  if (gone.signal.aborted || (await isGone(client, object))) return;
  const finalizers = listAt(last, "metadata", "finalizers");
  log.say("warning", `finalizers might be preventing deletion (${finalizers.join(", ")})`);
  throw new AwaitError(
    cancelled.aborted
      ? `Resource operation was cancelled for "${nameOf(object)}"`
      : "timed out waiting for the condition",
    last,
    [],
  );
}

async function isGone(client: ResourceClient, object: KubernetesObject): Promise<boolean> {
  try {
    await client.get(nameOf(object));
    return false;
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}
