/** Makes clusters of destinations, each once. */
import { namespaceOf, type Destination, type ResolvedDestination } from "../resolve/destination.ts";
import { parseAddress } from "../subnet.ts";
import type { Cluster, ClusterSource } from "../table.ts";
import { effectivePolicy } from "./policy.ts";

/** A destination that exists, and that the gateway has no way to reach. */
export interface Unserved {
  readonly unserved: string;
}

/**
 * Istio's name for a cluster. Policies depend on who asks: a rule that is not the host's own namespace's makes another cluster, named after the rule's namespace
 * as well.
 */
export function clusterName({ host, port, subset, owner, rule }: ResolvedDestination): string {
  const name = `outbound|${port}|${subset?.name ?? ""}|${host}`;
  const from = rule?.rules[0].metadata.namespace;
  return from === undefined || from === namespaceOf(owner) ? name : `${name}@${from}`;
}

/** The cluster of a destination. */
export function createCluster(name: string, destination: ResolvedDestination): Cluster | Unserved {
  const source = sourceOf(destination);
  if ("unserved" in source) return source;
  const { host, port, subset, rule } = destination;
  return {
    name,
    host,
    port,
    subset: subset?.name,
    subsetLabels: subset?.labels ?? {},
    source,
    trafficPolicy: effectivePolicy({
      top: rule?.trafficPolicy,
      subset: subset?.trafficPolicy,
      annotations: rule?.annotations ?? {},
      host,
      port,
    }),
  };
}

/** The cluster of a destination whose connections are refused: nobody is behind it. */
export function refusedCluster({ host, port: { number: port } = { number: 0 } }: Destination): Cluster {
  return {
    name: `refused|${port}||${host}`,
    host,
    port,
    subset: undefined,
    subsetLabels: {},
    source: { kind: "Nobody" },
    trafficPolicy: effectivePolicy({ top: undefined, subset: undefined, annotations: {}, host, port }),
  };
}

function sourceOf({ owner, host, port, portName }: ResolvedDestination): ClusterSource | Unserved {
  if (owner.kind === "Service") {
    const { metadata, spec } = owner.service;
    if (spec.type === "ExternalName") return { kind: "Dns", hostname: spec.externalName ?? "", port };
    return { kind: "Service", namespace: metadata.namespace, name: metadata.name, portName };
  }
  const { metadata, spec } = owner.entry;
  const entry: ClusterSource = { kind: "ServiceEntry", namespace: metadata.namespace, name: metadata.name };
  if (spec.resolution === "STATIC" || spec.workloadSelector !== undefined) return entry;
  if (spec.resolution === undefined || spec.resolution === "NONE") {
    return {
      unserved: `ServiceEntry ${metadata.name} has resolution NONE, which needs the client's original destination`,
    };
  }
  const declared = spec.ports?.find(({ number }) => number === port);
  const endpoints = spec.endpoints ?? [];
  const [only, ...others] = endpoints;
  if (only === undefined) return { kind: "Dns", hostname: host, port: declared?.targetPort ?? port };
  if (endpoints.every(({ address }) => isAddress(address))) return entry;
  if (others.length > 0) {
    return { unserved: `ServiceEntry ${metadata.name} has more than one endpoint with a name to be resolved` };
  }
  return { kind: "Dns", hostname: only.address ?? host, port: only.ports?.[portName] ?? declared?.targetPort ?? port };
}

const scratch = new Uint16Array(8);

function isAddress(text: string | undefined): boolean {
  return text !== undefined && parseAddress(text, scratch);
}
