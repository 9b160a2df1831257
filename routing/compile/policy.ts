/** The traffic policy that holds for a cluster: top level, port level and subset joined as Istio joins them, and defaults filled in. */
import { destinationRuleAnnotations as known, readAnnotation } from "../annotations/definitions.ts";
import type { TcpKeepalive, TrafficPolicy } from "../table.ts";
import { clientTlsOf } from "./client-tls.ts";
import { milliseconds, type DeclaredPolicy } from "./declared-policy.ts";
import { healthCheckOf } from "./health-check.ts";
import { loadBalancerOf, localityOf } from "./load-balancer.ts";
import { outlierDetectionOf } from "./outlier-detection.ts";

/** destination-rule reference, ConnectionPoolSettings.TCPSettings: "default is 10s" */
const defaultConnectTimeout = 10_000;
/** destination-rule reference, ConnectionPoolSettings.TCPSettings: "If not set, the default idle timeout is 1 hour" */
const defaultIdleTimeout = 3_600_000;

/** What of a DestinationRule concerns one cluster. */
export interface PolicySource {
  readonly top: DeclaredPolicy | undefined;
  readonly subset: DeclaredPolicy | undefined;
  /** Of the rule. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The cluster's. */
  readonly host: string;
  readonly port: number;
}

/** Joins a rule's policy with its subset's for a port of the host. */
export function effectivePolicy({ top, subset, annotations, host, port }: PolicySource): TrafficPolicy {
  const declared = override(override({}, top, port), subset, port);
  const tcp = declared.connectionPool?.tcp;
  return {
    connectTimeout: milliseconds(tcp?.connectTimeout) ?? defaultConnectTimeout,
    idleTimeout: milliseconds(tcp?.idleTimeout) ?? defaultIdleTimeout,
    maxConnectionDuration: milliseconds(tcp?.maxConnectionDuration),
    maxConnections: tcp?.maxConnections === 0 ? undefined : tcp?.maxConnections,
    maxConnectionsPerEndpoint: readAnnotation(known.maxConnectionsPerEndpoint, annotations),
    tcpKeepalive: keepalive(tcp?.tcpKeepalive),
    ...loadBalancerOf(declared.loadBalancer),
    locality: localityOf(declared),
    outlierDetection: outlierDetectionOf(declared.outlierDetection),
    healthCheck: healthCheckOf(annotations),
    tls: clientTlsOf(declared.tls, host),
    proxyProtocol: declared.proxyProtocol && (declared.proxyProtocol.version ?? "V1"),
    closeRemovedAfter: readAnnotation(known.closeRemovedAfter, annotations),
  };
}

/**
 * A component that a policy has replaces the whole component, not single fields of it. Settings for the port replace the components that a port can have, those that they leave
 * out too (destination-rule reference, TrafficPolicy.PortTrafficPolicy: "default values will be applied to fields omitted in port-level traffic policies"); the PROXY protocol is
 * none of them, and stays the whole host's (pilot, util.MergeTrafficPolicy).
 */
function override(base: DeclaredPolicy, policy: DeclaredPolicy | undefined, port: number): DeclaredPolicy {
  if (policy === undefined) return base;
  const proxyProtocol = policy.proxyProtocol ?? base.proxyProtocol;
  const portLevel = policy.portLevelSettings?.find((settings) => settings.port.number === port);
  if (portLevel !== undefined) return { ...portLevel, proxyProtocol };
  return {
    connectionPool: policy.connectionPool ?? base.connectionPool,
    loadBalancer: policy.loadBalancer ?? base.loadBalancer,
    outlierDetection: policy.outlierDetection ?? base.outlierDetection,
    tls: policy.tls ?? base.tls,
    proxyProtocol,
  };
}

function keepalive(
  settings: NonNullable<NonNullable<DeclaredPolicy["connectionPool"]>["tcp"]>["tcpKeepalive"],
): TcpKeepalive | undefined {
  if (settings === undefined) return undefined;
  return {
    probes: settings.probes === 0 ? undefined : settings.probes,
    time: milliseconds(settings.time),
    interval: milliseconds(settings.interval),
  };
}
