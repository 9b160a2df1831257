/** What records say beside a reason, in the same words whatever moves the bytes. */
import type { Cluster, Endpoint, Listener } from "../../../routing/table.ts";
import type { Refusal } from "../limits/admission.ts";
import { hostPort } from "./address.ts";
import type { Reason } from "./record.ts";
import type { Upstream } from "./upstream.ts";

interface Explanation {
  readonly reason: Reason;
  readonly detail: string;
}

/** @param address - the client's */
export function explainRefusal(refusal: Refusal, { port, policy }: Listener, address: string): string {
  switch (refusal) {
    case "overload":
      return "The gateway has neither memory nor file descriptors to spare";
    case "listener_connections":
      return `Port ${port} has ${policy.maxConnections} connections, its max-connections`;
    case "source_connections":
      return `${address} has ${policy.maxConnectionsPerSource} connections on port ${port}, its max-connections-per-source`;
    case "source_rate":
      return `${address} makes more than ${policy.connectionRatePerSource?.perSecond} new connections per second on port ${port}, its connection-rate-per-source`;
  }
}

export function explainFullCluster({ name, trafficPolicy }: Cluster): string {
  return `Cluster ${name} has ${trafficPolicy.maxConnections} connections, its maxConnections`;
}

/** Why not even one endpoint could be asked. */
export function explainNoEndpoint({ balancer, cluster, hosts }: Upstream): Explanation {
  const { name, trafficPolicy } = cluster;
  if (balancer.exhausted()) {
    const detail = `All endpoints of cluster ${name} have ${trafficPolicy.maxConnectionsPerEndpoint} connections, the most that one may have`;
    return { reason: "connection_limit", detail };
  }
  return {
    reason: "no_healthy_upstream",
    detail: `None of the ${hosts.length} endpoints of cluster ${name} is healthy`,
  };
}

export function explainNoAnswer({ address }: Endpoint, { trafficPolicy: { connectTimeout } }: Cluster): Explanation {
  return { reason: "upstream_connect_timeout", detail: `No answer from ${address} within ${connectTimeout} ms` };
}

export const explainIdle = (timeout: number): string => `No byte either way for ${timeout} ms`;

export const explainMaxDuration = (duration: number): string => `Open for ${duration} ms`;

/** @param grace - milliseconds since it is gone */
export const explainRemoved = ({ address, port }: Endpoint, grace: number): string =>
  `${hostPort(address, port)} left the cluster ${grace} ms ago`;
