/** Joins what a table's clusters name with the addresses that serve them now. */
import type { View } from "../incremental/view.ts";
import type { EndpointSlice, Objects, Pod, Service, ServiceEntry, WorkloadEntry } from "../objects.ts";
import { compareText } from "../message.ts";
import { endpointSlicesByService, workloadEntriesByNamespace } from "../resolve/object-index.ts";
import { selects } from "../selector.ts";
import { parseAddress } from "../subnet.ts";
import type { Cluster, Endpoint, RouteTable } from "../table.ts";

/**
 * The endpoints of every cluster, by cluster name, ordered by address. A cluster without any has an empty list, as has one whose host is to be
 * resolved by DNS.
 */
export function resolveEndpoints(table: RouteTable, objects: Objects): ReadonlyMap<string, readonly Endpoint[]> {
  return new Map(Array.from(table.clusters.values(), (cluster) => [cluster.name, endpointsOf(cluster, objects)]));
}

/** The endpoints of one cluster, ordered by address. */
export function endpointsOf(cluster: Cluster, view: View): readonly Endpoint[] {
  return findEndpoints(cluster, view).sort((a, b) => compareText(a.address, b.address) || a.port - b.port);
}

function findEndpoints(cluster: Cluster, view: View): Endpoint[] {
  const { source } = cluster;
  switch (source.kind) {
    case "Dns":
    case "Nobody":
      return [];
    case "Service": {
      const service = view.get("Service", source.namespace, source.name);
      return [
        ...sliceEndpoints(cluster, source, service, view),
        ...(service === undefined ? [] : selectedWorkloads(cluster, service, view)),
      ];
    }
    case "ServiceEntry": {
      const entry = view.get("ServiceEntry", source.namespace, source.name);
      return entry === undefined ? [] : entryEndpoints(cluster, entry, view);
    }
  }
}

interface ServiceSource {
  readonly namespace: string;
  readonly name: string;
  readonly portName: string;
}

function sliceEndpoints(cluster: Cluster, source: ServiceSource, service: Service | undefined, view: View): Endpoint[] {
  const slices = view.find(endpointSlicesByService, `${source.namespace}/${source.name}`);
  // A pod of a dual-stack Service is in a slice of each family: the Service's first family counts, so that no pod counts twice.
  const ordered = [...slices].sort((a, b) => familyRank(a, service) - familyRank(b, service));
  const byAddress = new Map<string, Endpoint>();
  const byPod = new Map<string, string>();
  for (const slice of ordered) {
    const port = slice.ports?.find(
      ({ name, protocol }) => (name ?? "") === source.portName && (protocol ?? "TCP") === "TCP",
    )?.port;
    if (port === undefined || port === null || slice.addressType === "FQDN") continue;
    for (const declared of slice.endpoints ?? []) {
      const endpoint = sliceEndpoint(declared, port);
      if (endpoint === undefined || !inSubset(cluster, slice, endpoint.pod, view)) continue;
      const key = `${endpoint.address} ${port}`;
      const pod = `${endpoint.pod ?? ""} ${port}`;
      if (endpoint.pod !== undefined && (byPod.get(pod) ?? slice.addressType) !== slice.addressType) continue;
      byPod.set(pod, slice.addressType);
      byAddress.set(key, endpoint);
    }
  }
  return [...byAddress.values()];
}

function familyRank({ addressType }: EndpointSlice, service: Service | undefined): number {
  const [first = "IPv4"] = service?.spec.ipFamilies ?? [];
  return addressType === first ? 0 : 1;
}

type SliceEndpoint = NonNullable<EndpointSlice["endpoints"]>[number];

/** The API's conventions: `ready` counts as true and `serving` as `ready` where nobody set them (EndpointSlice v1, EndpointConditions). */
function sliceEndpoint(
  { addresses, conditions, targetRef, zone, hints }: SliceEndpoint,
  port: number,
): Endpoint | undefined {
  const ready = conditions?.ready ?? true;
  const terminating = !ready && conditions?.terminating === true && (conditions.serving ?? false);
  const [address] = addresses;
  if (address === undefined || !(ready || terminating)) return undefined;
  return {
    address,
    port,
    pod: targetRef?.kind === "Pod" ? targetRef.name : undefined,
    zone: zone ?? undefined,
    terminating,
    zoneHints: hints?.forZones?.map(({ name }) => name),
  };
}

function inSubset(
  { subset, subsetLabels }: Cluster,
  slice: EndpointSlice,
  podName: string | undefined,
  view: View,
): boolean {
  if (subset === undefined) return true;
  if (podName === undefined) return false;
  const pod: Pod | undefined = view.get("Pod", slice.metadata.namespace, podName);
  return pod !== undefined && selects(subsetLabels, pod.metadata.labels);
}

/** WorkloadEntries that a Service selects as if they were pods. */
function selectedWorkloads(cluster: Cluster, service: Service, view: View): Endpoint[] {
  const { metadata, spec } = service;
  const port = spec.ports?.find((candidate) => candidate.port === cluster.port);
  if (port === undefined || Object.keys(spec.selector ?? {}).length === 0) return [];
  const fallback = typeof port.targetPort === "number" ? port.targetPort : port.port;
  const name = typeof port.targetPort === "string" ? port.targetPort : (port.name ?? "");
  return view
    .find(workloadEntriesByNamespace, metadata.namespace)
    .filter((workload) => selects(spec.selector, labelsOf(workload)))
    .flatMap((workload) => staticEndpoint(cluster, workload.spec, labelsOf(workload), name, fallback) ?? []);
}

function entryEndpoints(cluster: Cluster, { metadata, spec }: ServiceEntry, view: View): Endpoint[] {
  const port = spec.ports?.find(({ number }) => number === cluster.port);
  if (port === undefined) return [];
  const target = port.targetPort ?? port.number;
  const own = (spec.endpoints ?? []).flatMap(
    (endpoint) => staticEndpoint(cluster, endpoint, endpoint.labels ?? {}, port.name, target) ?? [],
  );
  if (spec.workloadSelector === undefined) return own;
  const selected = view
    .find(workloadEntriesByNamespace, metadata.namespace)
    .filter((workload) => selects(spec.workloadSelector?.labels, labelsOf(workload)))
    .flatMap((workload) => staticEndpoint(cluster, workload.spec, labelsOf(workload), port.name, target) ?? []);
  return [...own, ...selected];
}

/** Both an entry's own labels and its spec's choose it, as in Istio. */
function labelsOf({ metadata, spec }: WorkloadEntry): Readonly<Record<string, string>> {
  return { ...metadata.labels, ...spec.labels };
}

const scratch = new Uint16Array(8);

function staticEndpoint(
  { subset, subsetLabels }: Cluster,
  { address, ports, locality, weight }: WorkloadEntry["spec"],
  labels: Readonly<Record<string, string>>,
  portName: string,
  targetPort: number,
): Endpoint | undefined {
  if (address === undefined || !parseAddress(address, scratch)) return undefined;
  if (subset !== undefined && !selects(subsetLabels, labels)) return undefined;
  const [region, zone, subzone] = locality?.split("/") ?? [];
  return {
    address,
    port: ports?.[portName] ?? targetPort,
    pod: undefined,
    zone,
    region,
    subzone,
    terminating: false,
    weight: weight === 0 ? undefined : weight,
  };
}
