import type { Cluster, Endpoint, Locality } from "../../../routing/table.ts";
import { createBalancer, type Balancer } from "../balance/balancer.ts";
import { createHost, type Host } from "../balance/host.ts";
import { OutlierDetector } from "../health/outlier.ts";
import { createGauge, type Gauge } from "../shared/gauge.ts";
import { createSharedRotation } from "../shared/rotation.ts";
import type { Rotation } from "../shared/smooth-rotation.ts";
import type { Rows } from "../shared/rows.ts";

/** Endpoints that one connection tries at most, each once, before it is refused. */
export const MAX_ATTEMPTS = 3;

/** A cluster with its endpoints, ready to be picked from. */
export interface Upstream {
  readonly cluster: Cluster;
  readonly endpoints: readonly Endpoint[];
  /** Open connections of the cluster, all endpoints together. */
  readonly gauge: Gauge;
  readonly hosts: readonly Host[];
  readonly balancer: Balancer;
  /** undefined: failures leave nobody out. */
  readonly outliers: OutlierDetector | undefined;
}

export interface UpstreamContext {
  readonly rows: Rows;
  /** The gateway's own. */
  readonly locality: Locality;
  /** `processTime()` */
  readonly now: () => number;
  /** From 0 up to but without 1. */
  readonly random: () => number;
}

/** Names of what is counted. */
export const gaugeName = (cluster: string, endpoint?: { readonly address: string; readonly port: number }): string =>
  endpoint === undefined ? cluster : `${cluster} ${endpoint.address} ${endpoint.port}`;

/** Takes turns by weights; other weights are another order, with another name, that begins anew. */
export function takeRotation(
  rows: Rows,
  take: (name: string) => number,
  name: string,
  weights: readonly number[],
): Rotation {
  return createSharedRotation(rows, take(`${name} by ${weights.join()}`), weights);
}

/** @param take - gives the row of a name */
export function createUpstream(
  cluster: Cluster,
  endpoints: readonly Endpoint[],
  { rows, locality, now, random }: UpstreamContext,
  take: (name: string) => number,
): Upstream {
  const { name, trafficPolicy: policy } = cluster;
  const hosts = endpoints.map((endpoint) => createHost(endpoint, rows, take(gaugeName(name, endpoint))));
  return {
    cluster,
    endpoints,
    gauge: createGauge(rows, take(gaugeName(name))),
    hosts,
    balancer: createBalancer({
      hosts,
      policy,
      locality,
      rotation: (tier, weights) => takeRotation(rows, take, `endpoints of ${name}, ${tier},`, weights),
      epoch: () => rows.epoch,
      now,
      random,
    }),
    outliers:
      policy.outlierDetection &&
      new OutlierDetector(policy.outlierDetection, rows, {
        cluster: take(`ejections of ${name}`),
        endpoints: hosts.map(({ row }) => row),
      }),
  };
}
