/** Which schema holds for which kind. */
import * as z from "zod";
import type { Kind } from "../objects.ts";
import { destinationRuleSpec } from "./destination-rule.ts";
import { gatewayApiGroup, referenceGrantSpec, tcpRouteSpec, tlsRouteSpec } from "./gateway-api.ts";
import { gatewayClassSpec, kubernetesGatewaySpec } from "./gateway-api-gateway.ts";
import { gatewaySpec } from "./gateway.ts";
import { deploymentSpec, endpointSliceFields, podSpec, serviceSpec } from "./kubernetes.ts";
import { peerAuthenticationSpec } from "./peer-authentication.ts";
import { serviceEntrySpec, workloadEntrySpec } from "./service-entry.ts";
import { virtualServiceSpec } from "./virtual-service.ts";

/** The API versions of `networking.istio.io` that are read, all of them alike; the first is the one stored. */
export const istioVersions = ["v1", "v1beta1", "v1alpha3"] as const;

/** What is known of a kind. */
export interface KindSchema {
  readonly kind: Kind;
  /** The kind as it is declared, and as messages call it. */
  readonly declaredKind: string;
  readonly group: string;
  readonly versions: readonly string[];
  readonly namespaced: boolean;
  /** Of the spec, or of the whole object where it has none; undefined: nothing but metadata is read. */
  readonly schema: z.ZodType | undefined;
  readonly hasSpec: boolean;
  /** Unknown and unserved fields are reported. */
  readonly reportsFields: boolean;
}

function istio(kind: Kind, schema: z.ZodType): KindSchema {
  return {
    kind,
    declaredKind: kind,
    group: "networking.istio.io",
    versions: istioVersions,
    namespaced: true,
    schema,
    hasSpec: true,
    reportsFields: true,
  };
}

function kubernetes(
  kind: Kind,
  group: string,
  schema: z.ZodType | undefined,
  overrides: Partial<KindSchema> = {},
): KindSchema {
  return {
    kind,
    declaredKind: kind,
    group,
    versions: ["v1"],
    namespaced: true,
    schema,
    hasSpec: schema !== undefined,
    reportsFields: false,
    ...overrides,
  };
}

function gatewayApi(
  kind: Kind,
  schema: z.ZodType,
  versions: readonly string[],
  overrides: Partial<KindSchema> = {},
): KindSchema {
  return kubernetes(kind, gatewayApiGroup, schema, { versions, reportsFields: true, ...overrides });
}

export const kinds: readonly KindSchema[] = [
  istio("Gateway", gatewaySpec),
  istio("VirtualService", virtualServiceSpec),
  istio("DestinationRule", destinationRuleSpec),
  istio("ServiceEntry", serviceEntrySpec),
  istio("WorkloadEntry", workloadEntrySpec),
  kubernetes("PeerAuthentication", "security.istio.io", peerAuthenticationSpec.optional(), {
    versions: ["v1", "v1beta1"],
  }),
  gatewayApi("KubernetesGateway", kubernetesGatewaySpec, ["v1", "v1beta1"], { declaredKind: "Gateway" }),
  gatewayApi("GatewayClass", gatewayClassSpec, ["v1", "v1beta1"], { namespaced: false }),
  gatewayApi("TCPRoute", tcpRouteSpec, ["v1", "v1alpha2"]),
  gatewayApi("TLSRoute", tlsRouteSpec, ["v1", "v1alpha3", "v1alpha2"]),
  gatewayApi("ReferenceGrant", referenceGrantSpec, ["v1", "v1beta1"]),
  kubernetes("Namespace", "", undefined, { namespaced: false }),
  kubernetes("Service", "", serviceSpec),
  kubernetes("EndpointSlice", "discovery.k8s.io", endpointSliceFields, { hasSpec: false }),
  // A watch of metadata alone gives pods without a spec.
  kubernetes("Pod", "", podSpec.optional()),
  kubernetes("Deployment", "apps", deploymentSpec),
  kubernetes("Secret", "", undefined),
];

const byApiVersion = new Map(
  kinds.flatMap((entry) =>
    entry.versions.flatMap((version) => {
      const apiVersion = entry.group === "" ? version : `${entry.group}/${version}`;
      // What was read once may be read again: as the model calls it.
      return [entry.declaredKind, entry.kind].map((kind) => [`${apiVersion} ${kind}`, entry] as const);
    }),
  ),
);

/** The schema of one kind of one API version; undefined: it has no part in routing. */
export function kindSchema(apiVersion: string, kind: string): KindSchema | undefined {
  return byApiVersion.get(`${apiVersion} ${kind}`);
}

const declaredKinds = new Map<string, string>(kinds.map(({ kind, declaredKind }) => [kind, declaredKind]));

/** What a kind is called where it is declared, and in messages. */
export function declaredKindOf(kind: string): string {
  return declaredKinds.get(kind) ?? kind;
}

const stringMap = z.record(z.string(), z.string());

/** `metadata`, as far as it is read. */
export const metadataSchema = z.object({
  name: z.string().min(1),
  namespace: z.string().min(1).optional(),
  labels: stringMap.nullish(),
  annotations: stringMap.nullish(),
  creationTimestamp: z.string().nullish(),
  generation: z.int().optional(),
});
