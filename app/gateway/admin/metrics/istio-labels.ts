import type { Connection } from "../../engine/record.ts";

/** What the gateway knows of itself; it is the source of all that it reports. */
export interface Identity {
  /** Name of the workload: its Service's, which names the Deployment too. */
  readonly workload: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Istio's labels of TCP metrics (istio.io, "Istio Standard Metrics"; the two of the cluster as its stats filter has them), in its order. */
export const istioLabelNames = [
  "reporter",
  "source_workload",
  "source_workload_namespace",
  "source_principal",
  "source_app",
  "source_version",
  "source_canonical_service",
  "source_canonical_revision",
  "source_cluster",
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
  "destination_cluster",
  "request_protocol",
  "response_flags",
  "connection_security_policy",
] as const;

export type IstioLabels = Readonly<Record<(typeof istioLabelNames)[number], string>>;

/** As Istio says it where something is not known. */
const UNKNOWN = "unknown";

/** Labels for a connection; of the destination, what its Service and subset tell. */
export function istioLabels(
  identity: Identity,
  { cluster, endpoint }: Pick<Connection, "cluster" | "endpoint">,
  responseFlag: string,
): IstioLabels {
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
    source_cluster: UNKNOWN,
    destination_workload: endpoint?.pod === undefined ? UNKNOWN : workloadOf(endpoint.pod),
    destination_workload_namespace: service?.namespace ?? UNKNOWN,
    destination_principal: UNKNOWN,
    destination_app: subset["app"] ?? UNKNOWN,
    destination_version: subset["version"] ?? cluster?.subset ?? UNKNOWN,
    destination_service: cluster?.host ?? UNKNOWN,
    destination_service_name: service?.name ?? UNKNOWN,
    destination_service_namespace: service?.namespace ?? UNKNOWN,
    destination_canonical_service: subset["app"] ?? service?.name ?? UNKNOWN,
    destination_canonical_revision: subset["version"] ?? "latest",
    destination_cluster: UNKNOWN,
    request_protocol: "tcp",
    response_flags: responseFlag,
    connection_security_policy: UNKNOWN,
  };
}

/**
 * What made a pod, as its name tells: Deployments, StatefulSets and DaemonSets put a hash, a number or both behind their own name. Kubernetes writes hashes without vowels and
 * look-alikes (apimachinery, util/rand), so that hardly any name of a person's choice is taken for one.
 */
export function workloadOf(pod: string): string {
  const [, workload] =
    /^(.+?)(?:-[bcdf-hj-np-tv-xz2456789]{8,10})?-(?:[bcdf-hj-np-tv-xz2456789]{5}|\d+)$/.exec(pod) ?? [];
  return workload ?? pod;
}
