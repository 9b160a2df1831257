/** Look-ups over a set of objects, made once for each set. */
import { normalizeHost, qualifyHost, serviceHost, specificity } from "../host.ts";
import type {
  DestinationRule,
  EndpointSlice,
  Objects,
  Pod,
  Service,
  ServiceEntry,
  VirtualService,
  WorkloadEntry,
} from "../objects.ts";
import { gatewayKeys } from "./gateway-names.ts";

export interface ObjectIndex {
  /** By fully qualified host. */
  readonly services: ReadonlyMap<string, Service>;
  /** By host, oldest first; wildcard hosts under their pattern. */
  readonly serviceEntries: ReadonlyMap<string, readonly ServiceEntry[]>;
  /** By `namespace|host`, oldest first; wildcard hosts under their pattern. */
  readonly destinationRules: ReadonlyMap<string, readonly DestinationRule[]>;
  /** Wildcard hosts of DestinationRules, the most specific first. */
  readonly destinationRulePatterns: readonly string[];
  /** By `namespace/name` of the Gateway, oldest first. */
  readonly virtualServices: ReadonlyMap<string, readonly VirtualService[]>;
  /** By `namespace/name` of the Service. */
  readonly endpointSlices: ReadonlyMap<string, readonly EndpointSlice[]>;
  /** By namespace. */
  readonly pods: ReadonlyMap<string, readonly Pod[]>;
  /** By namespace. */
  readonly workloadEntries: ReadonlyMap<string, readonly WorkloadEntry[]>;
}

const indexes = new WeakMap<Objects, ObjectIndex>();

/** The look-ups of a set. */
export function indexOf(objects: Objects): ObjectIndex {
  let index = indexes.get(objects);
  if (index === undefined) {
    index = createIndex(objects);
    indexes.set(objects, index);
  }
  return index;
}

function createIndex(objects: Objects): ObjectIndex {
  const rules = group(objects.destinationRules, ({ metadata, spec }) => [
    `${metadata.namespace}|${qualifyHost(spec.host, metadata.namespace)}`,
  ]);
  return {
    services: new Map(objects.services.map((service) => [serviceHost(service), service])),
    serviceEntries: group(objects.serviceEntries, ({ spec }) => spec.hosts.map(normalizeHost)),
    destinationRules: rules,
    destinationRulePatterns: [...new Set([...rules.keys()].map((key) => key.slice(key.indexOf("|") + 1)))]
      .filter((host) => host.startsWith("*"))
      .sort((a, b) => specificity(b) - specificity(a)),
    virtualServices: group(objects.virtualServices, gatewayKeys),
    endpointSlices: group(objects.endpointSlices, ({ metadata }) => {
      const service = metadata.labels["kubernetes.io/service-name"];
      return service === undefined ? [] : [`${metadata.namespace}/${service}`];
    }),
    pods: group(objects.pods, ({ metadata }) => [metadata.namespace]),
    workloadEntries: group(objects.workloadEntries, ({ metadata }) => [metadata.namespace]),
  };
}

function group<T>(items: readonly T[], keys: (item: T) => Iterable<string>): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of new Set(keys(item))) {
      const members = groups.get(key);
      if (members === undefined) groups.set(key, [item]);
      else members.push(item);
    }
  }
  return groups;
}
