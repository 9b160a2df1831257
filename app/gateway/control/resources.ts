import type { Kind } from "../../../routing/objects.ts";

/** A kind of object that the gateway watches. */
export interface Resource {
  readonly kind: Kind;
  /** API group and its versions, the one that is liked best first; "" is the core group. */
  readonly group: string;
  readonly versions: readonly [string, ...string[]];
  /** As it stands in the path. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Only metadata is asked for (meta.k8s.io PartialObjectMetadata): pods are many and large, and only their labels count. */
  readonly metadataOnly?: boolean;
  /** A cluster, or a role, may be without; it is then as if there were no such object. */
  readonly optional?: boolean;
}

const istio = {
  group: "networking.istio.io",
  versions: ["v1", "v1beta1", "v1alpha3"],
  namespaced: true,
  optional: true,
} as const;

const gatewayApi = {
  group: "gateway.networking.k8s.io",
  versions: ["v1", "v1beta1"],
  namespaced: true,
  optional: true,
} as const;

/** All that routing reads in a cluster. */
export const resources: readonly Resource[] = [
  { ...istio, kind: "Gateway", plural: "gateways" },
  { ...istio, kind: "VirtualService", plural: "virtualservices" },
  { ...istio, kind: "DestinationRule", plural: "destinationrules" },
  { ...istio, kind: "ServiceEntry", plural: "serviceentries" },
  { ...istio, kind: "WorkloadEntry", plural: "workloadentries" },
  { ...gatewayApi, kind: "KubernetesGateway", plural: "gateways" },
  { ...gatewayApi, kind: "GatewayClass", plural: "gatewayclasses", namespaced: false },
  { ...gatewayApi, kind: "TCPRoute", plural: "tcproutes", versions: ["v1", "v1alpha2"] },
  { ...gatewayApi, kind: "TLSRoute", plural: "tlsroutes", versions: ["v1", "v1alpha3", "v1alpha2"] },
  { ...gatewayApi, kind: "ReferenceGrant", plural: "referencegrants" },
  { kind: "Service", group: "", versions: ["v1"], plural: "services", namespaced: true },
  { kind: "EndpointSlice", group: "discovery.k8s.io", versions: ["v1"], plural: "endpointslices", namespaced: true },
  { kind: "Pod", group: "", versions: ["v1"], plural: "pods", namespaced: true, metadataOnly: true },
  { kind: "Namespace", group: "", versions: ["v1"], plural: "namespaces", namespaced: false, optional: true },
];

/** What one list and watch is about. */
export interface Scope {
  /** undefined: all. */
  readonly namespace?: string | undefined;
  /** Only the object of that name. */
  readonly name?: string | undefined;
  /** Only objects whose labels it selects, as `kubectl --selector` has it. */
  readonly selector?: string | undefined;
}

export function resourcePath({ group, plural }: Resource, version: string, { namespace }: Scope): string {
  const base = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined ? `${base}/${plural}` : `${base}/namespaces/${namespace}/${plural}`;
}
