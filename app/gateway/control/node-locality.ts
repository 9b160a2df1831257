import type { Locality } from "../../../routing/table.ts";
import { sleep, type Clock } from "../clock.ts";
import type { Logger } from "../log/logger.ts";
import { ApiError, type ApiServer } from "./api-server.ts";
import { Backoff } from "./backoff.ts";

export interface NodeLocalityOptions {
  readonly api: ApiServer;
  /** Name of the node that the pod runs on. */
  readonly node: string;
  readonly clock: Clock;
  /** From 0 up to but without 1. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Only metadata is asked for, as with pods. */
const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/**
 * Region and zone of a node, from its well-known labels (Kubernetes reference, "Well-Known Labels"); they do not change while pods run on it. undefined where it may not be read, has none,
 * or the asking was called off. An API server that is away is asked again.
 */
export async function nodeLocality(options: NodeLocalityOptions): Promise<Locality | undefined> {
  const { node, clock, random, logger, signal } = options;
  const backoff = new Backoff(random);
  while (!signal.aborted) {
    try {
      return await read(options);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 403 || error.status === 404)) {
        logger.info({ node, error: error.message }, "Not preferring near endpoints as the node's zone cannot be read");
        return undefined;
      }
      await sleep(clock, backoff.next(), signal);
    }
  }
  return undefined;
}

async function read({ api, node, signal }: NodeLocalityOptions): Promise<Locality | undefined> {
  const object = (await api.get(
    `/api/v1/nodes/${encodeURIComponent(node)}`,
    new URLSearchParams(),
    METADATA,
    signal,
  )) as { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  const labels = object.metadata?.labels ?? {};
  const [region, zone] = [labels["topology.kubernetes.io/region"], labels["topology.kubernetes.io/zone"]];
  return region === undefined && zone === undefined ? undefined : { region, zone };
}
