import { timeoutMillis } from "../annotations.ts";
import type { Cluster } from "../api/client.ts";
import { readinessAfterWrite } from "../await/index.ts";
import { awaitReady } from "../await/run.ts";
import type { KubernetesObject } from "../object.ts";
import type { OperationContext } from "./context.ts";

/** What most things take at the longest, in milliseconds. */
export const defaultTimeoutMillis = 600_000;

/** Waits for an object that was just written, and returns it as last seen. */
export async function waitForReady(
  written: KubernetesObject,
  args: {
    readonly cluster: Cluster;
    readonly inputs: KubernetesObject;
    readonly last?: KubernetesObject;
    readonly initialApiVersion: string;
    readonly timeoutSeconds: number;
  },
  { log, cancelled }: OperationContext,
): Promise<KubernetesObject> {
  const create = readinessAfterWrite(args.inputs, written);
  if (create === undefined) {
    log.clear();
    return written;
  }
  const readiness = create({ object: written, last: args.last, initialApiVersion: args.initialApiVersion, log });
  const live = await awaitReady(readiness, {
    cluster: args.cluster,
    log,
    cancelled,
    timeoutMillis: timeoutMillis(args.inputs, args.timeoutSeconds) ?? defaultTimeoutMillis,
  });
  log.clear();
  return live;
}
