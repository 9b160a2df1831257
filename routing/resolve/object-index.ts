/**
 * The ways in which objects are found by what they say. A new look-up is one more constant here: `view.find(index, key)` gives the objects that have the key, oldest first, and whoever
 * keeps the result knows that it depends on that key alone.
 */
import { normalizeHost, qualifyHost, serviceHost } from "../host.ts";
import type { Index } from "../incremental/view.ts";
import type { Kind, ObjectOf, TCPRoute, TLSRoute } from "../objects.ts";
import { gatewayKeys } from "./gateway-names.ts";

function index<K extends Kind>(kind: K, keysOf: (object: ObjectOf<K>) => Iterable<string>): Index<K> {
  return { kind, keysOf };
}

/** By fully qualified host. */
export const servicesByHost = index("Service", (service) => [serviceHost(service)]);

/** By `type`. */
export const servicesByType = index("Service", ({ spec }) => [spec.type ?? "ClusterIP"]);

/** By `namespace|label=value` for the first label of the selector: whatever the Service selects has that label. */
export const servicesBySelector = index("Service", ({ metadata, spec }) =>
  labelKeys(spec.selector ?? {})
    .slice(0, 1)
    .map((key) => `${metadata.namespace}|${key}`),
);

/** By host; wildcard hosts under their pattern. */
export const serviceEntriesByHost = index("ServiceEntry", ({ spec }) => spec.hosts.map(normalizeHost));

/** By `namespace|host`, fully qualified; wildcard hosts under their pattern. */
export const destinationRulesByHost = index("DestinationRule", ({ metadata, spec }) => [
  `${metadata.namespace}|${qualifyHost(spec.host, metadata.namespace)}`,
]);

/** By host, fully qualified; wildcard hosts under their pattern. */
export const destinationRulesByTarget = index("DestinationRule", ({ metadata, spec }) => [
  qualifyHost(spec.host, metadata.namespace),
]);

/** By `namespace/name|port` of the Gateways that they list and the ports that their matches name; `namespace/name|*` where something in them is for any port. */
export const virtualServicesByPort = index("VirtualService", (virtualService) => {
  const { tcp = [], tls = [] } = virtualService.spec;
  const ports = new Set(
    [...tcp, ...tls].flatMap(({ match = [] }) => (match.length === 0 ? "*" : match.map(({ port }) => port ?? "*"))),
  );
  return gatewayKeys(virtualService).flatMap((gateway) => Array.from(ports, (port) => `${gateway}|${port}`));
});

/** By {@link portKey} of their servers. */
export const gatewaysByPort = index("Gateway", ({ spec }) => spec.servers.map(portKey));

/** By `namespace/name` of the Service. */
export const endpointSlicesByService = index("EndpointSlice", ({ metadata }) => {
  const service = metadata.labels["kubernetes.io/service-name"];
  return service === undefined ? [] : [`${metadata.namespace}/${service}`];
});

/** By `label=value`. */
export const podsByLabel = index("Pod", ({ metadata }) => labelKeys(metadata.labels));

/** By `label=value` of the pods that they make. */
export const deploymentsByLabel = index("Deployment", ({ spec }) => labelKeys(spec.template.metadata?.labels ?? {}));

/** By namespace. */
export const workloadEntriesByNamespace = index("WorkloadEntry", ({ metadata }) => [metadata.namespace]);

/** By namespace. */
export const peerAuthenticationsByNamespace = index("PeerAuthentication", ({ metadata }) => [metadata.namespace]);

/** By namespace. */
export const referenceGrantsByNamespace = index("ReferenceGrant", ({ metadata }) => [metadata.namespace]);

/** By `namespace/name` of the Gateways that they name as parents. */
export const tcpRoutesByGateway = index("TCPRoute", parentKeys);

/** By `namespace/name` of the Gateways that they name as parents. */
export const tlsRoutesByGateway = index("TLSRoute", parentKeys);

function parentKeys({ metadata, spec }: TCPRoute | TLSRoute): string[] {
  return (spec.parentRefs ?? []).map(({ namespace, name }) => `${namespace ?? metadata.namespace}/${name}`);
}

/** The declared port and address of a server: `port bind`. */
export function portKey({ port, bind }: ObjectOf<"Gateway">["spec"]["servers"][number]): string {
  return `${port.number} ${bind ?? ""}`;
}

/** `label=value` of each label. */
export function labelKeys(labels: Readonly<Record<string, string>>): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}
