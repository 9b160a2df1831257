import type { Connection } from "../engine/record.ts";

/** What the gateway knows of itself; it is the source of all that it reports. */
export interface Identity {
  /** Name of the workload: its Service's, which names the Deployment too. */
  readonly workload: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Istio's labels of TCP metrics (istio.io, "Istio Standard Metrics"), in its order. */
export const istioLabelNames = [
  "reporter",
  "source_workload",
  "source_workload_namespace",
  "source_principal",
  "source_app",
  "source_version",
  "source_canonical_service",
  "source_canonical_revision",
  "destination_workload",
  "destination_workload_namespace",
  "destination_principal",
  "destination_app",
  "destination_version",
  "destination_service",
  "destination_service_name",
  "destination_service_namespace",
  "destination_canonical_service",
  "destination_canonical_revision",
  "request_protocol",
  "response_flags",
  "connection_security_policy",
] as const;

export type IstioLabels = Readonly<Record<(typeof istioLabelNames)[number], string>>;

/** As Istio says it where something is not known. */
const UNKNOWN = "unknown";

/** Labels for a connection; of the destination, what its Service and subset tell. */
export function istioLabels(identity: Identity, { cluster }: Connection, responseFlag: string): IstioLabels {
  const { workload, namespace, labels } = identity;
  const service =
    cluster?.source.kind === "Service" || cluster?.source.kind === "ServiceEntry" ? cluster.source : undefined;
  const subset = cluster?.subsetLabels ?? {};
  return {
    reporter: "source",
    source_workload: workload,
    source_workload_namespace: namespace,
    source_principal: UNKNOWN,
    source_app: labels["app"] ?? UNKNOWN,
    source_version: labels["version"] ?? UNKNOWN,
    source_canonical_service: labels["service.istio.io/canonical-name"] ?? labels["app"] ?? workload,
    source_canonical_revision: labels["service.istio.io/canonical-revision"] ?? labels["version"] ?? "latest",
    destination_workload: UNKNOWN,
    destination_workload_namespace: service?.namespace ?? UNKNOWN,
    destination_principal: UNKNOWN,
    destination_app: subset["app"] ?? UNKNOWN,
    destination_version: subset["version"] ?? cluster?.subset ?? UNKNOWN,
    destination_service: cluster?.host ?? UNKNOWN,
    destination_service_name: service?.name ?? UNKNOWN,
    destination_service_namespace: service?.namespace ?? UNKNOWN,
    destination_canonical_service: subset["app"] ?? service?.name ?? UNKNOWN,
    destination_canonical_revision: subset["version"] ?? "latest",
    request_protocol: "tcp",
    response_flags: responseFlag,
    connection_security_policy: UNKNOWN,
  };
}
