import type { Cluster } from "../api/client.ts";
import { observe, type ObjectEvent } from "../api/observe.ts";
import type { OperationLog } from "../log.ts";
import { type KubernetesObject, nameOf, namespaceOf } from "../object.ts";
import { AwaitError } from "./error.ts";
import type { Readiness, Source } from "./readiness.ts";

const warningsMillis = 10_000;

export interface AwaitOptions {
  readonly cluster: Cluster;
  readonly log: OperationLog;
  readonly timeoutMillis: number;
  /** Aborts when the user cancels. */
  readonly cancelled: AbortSignal;
}

/** Waits until the object is ready and returns it as last seen. Throws an AwaitError when time is up, the user cancels, or it can never be ready. */
export async function awaitReady(
  readiness: Readiness,
  { cluster, log, timeoutMillis, cancelled }: AwaitOptions,
): Promise<KubernetesObject> {
  const watching = new AbortController();
  const outcome = Promise.withResolvers<KubernetesObject>();
  const fail = (message: string) => outcome.reject(new AwaitError(message, readiness.object, readiness.reasons()));
  const check = () => {
    const failure = readiness.failure?.();
    if (failure !== undefined) fail(failure);
    else if (readiness.isReady()) outcome.resolve(readiness.object);
  };
  const last = (message: string) =>
    readiness.isReadyAtLast?.() === true ? outcome.resolve(readiness.object) : fail(message);
  const onCancel = () => last(`Resource operation was cancelled for "${nameOf(readiness.object)}"`);
  const timeout = setTimeout(() => last(`'${nameOf(readiness.object)}' timed out waiting to be Ready`), timeoutMillis);
  const warnings = setInterval(
    () => readiness.warnings?.().forEach(({ severity, message }) => log.status(severity, message)),
    warningsMillis,
  );
  let wake: NodeJS.Timeout | undefined;
  const guarded = (action: () => void) => {
    try {
      action();
    } catch (error) {
      outcome.reject(error as Error);
    }
  };
  const onEvent = (event: ObjectEvent) =>
    guarded(() => {
      readiness.observe(event);
      const after = readiness.wakeAfter?.();
      if (after !== undefined && wake === undefined)
        wake = setTimeout(() => {
          wake = undefined;
          readiness.wake?.();
          guarded(check);
        }, after);
      check();
    });
  cancelled.addEventListener("abort", onCancel);
  try {
    readiness.begin?.();
    check();
    if (cancelled.aborted) onCancel();
    readiness.sources.forEach((source, index) => {
      clientOf(cluster, source, readiness.object)
        .then((client) => observe(client, source.selector, onEvent, watching.signal))
        .catch((error: unknown) => {
          if (index === 0) outcome.reject(error as Error);
          else
            log.status(
              "warning",
              `Cannot watch ${source.kind.kind} objects: ${error instanceof Error ? error.message : String(error)}`,
            );
        });
    });
    return await outcome.promise;
  } finally {
    watching.abort();
    cancelled.removeEventListener("abort", onCancel);
    clearTimeout(timeout);
    clearTimeout(wake);
    clearInterval(warnings);
  }
}

/** Looks once whether the object is ready. Throws an AwaitError if it is not, and whatever the API server says about the object itself. */
export async function checkReady(
  readiness: Readiness,
  { cluster, log }: Pick<AwaitOptions, "cluster" | "log">,
): Promise<void> {
  for (const [index, source] of readiness.sources.entries()) {
    try {
      const { items } = await (await clientOf(cluster, source, readiness.object)).list(source.selector);
      for (const object of items) readiness.observe({ type: "ADDED", object });
    } catch (error) {
      if (index === 0) throw error;
      log.status(
        "warning",
        `Cannot list ${source.kind.kind} objects: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  readiness.wake?.();
  if (!readiness.isReady())
    throw new AwaitError(
      `Resource '${nameOf(readiness.object)}' was created but failed to initialize`,
      readiness.object,
      readiness.reasons(),
    );
}

function clientOf(cluster: Cluster, source: Source, object: KubernetesObject) {
  return cluster.client(source.kind, namespaceOf(object));
}
