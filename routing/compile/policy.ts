/** The traffic policy that holds for a cluster: top level, port level and subset joined as Istio joins them, and defaults filled in. */
import type { DestinationRuleSpec } from "../objects.ts";
import { parseDuration } from "../schema/common.ts";
import type { TcpKeepalive, TrafficPolicy } from "../table.ts";

type DeclaredPolicy = NonNullable<DestinationRuleSpec["trafficPolicy"]>;
type Components = Pick<DeclaredPolicy, "connectionPool" | "loadBalancer">;

/** destination-rule reference, ConnectionPoolSettings.TCPSettings: "default is 10s" */
const defaultConnectTimeout = 10_000;
/** destination-rule reference, ConnectionPoolSettings.TCPSettings: "If not set, the default idle timeout is 1 hour" */
const defaultIdleTimeout = 3_600_000;
/** global mesh options, defaultDestinationRule: Istio balances by least requests where nothing else is said. */
const defaultLoadBalancer = "LEAST_REQUEST";

/** Joins a rule's policy with its subset's for a port of the host. */
export function effectivePolicy(
  top: DeclaredPolicy | undefined,
  subset: DeclaredPolicy | undefined,
  port: number,
): TrafficPolicy {
  const { connectionPool, loadBalancer } = override(override({}, top, port), subset, port);
  const tcp = connectionPool?.tcp;
  return {
    connectTimeout: milliseconds(tcp?.connectTimeout) ?? defaultConnectTimeout,
    idleTimeout: milliseconds(tcp?.idleTimeout) ?? defaultIdleTimeout,
    maxConnectionDuration: milliseconds(tcp?.maxConnectionDuration),
    maxConnections: tcp?.maxConnections === 0 ? undefined : tcp?.maxConnections,
    tcpKeepalive: keepalive(tcp?.tcpKeepalive),
    loadBalancer: loadBalancerOf(loadBalancer),
  };
}

/**
 * A component that a policy has replaces the whole component, not single fields of it. Settings for the port replace all components, those that they leave out too
 * (destination-rule reference, TrafficPolicy.PortTrafficPolicy: "default values will be applied to fields omitted in port-level traffic policies").
 */
function override(base: Components, policy: DeclaredPolicy | undefined, port: number): Components {
  if (policy === undefined) return base;
  const portLevel = policy.portLevelSettings?.find((settings) => settings.port.number === port);
  if (portLevel !== undefined) return portLevel;
  return {
    connectionPool: policy.connectionPool ?? base.connectionPool,
    loadBalancer: policy.loadBalancer ?? base.loadBalancer,
  };
}

function loadBalancerOf(settings: Components["loadBalancer"]): TrafficPolicy["loadBalancer"] {
  if (settings?.consistentHash?.useSourceIp === true) return "SOURCE_IP_HASH";
  switch (settings?.simple) {
    case "ROUND_ROBIN":
    case "RANDOM":
    case "PASSTHROUGH":
      return settings.simple;
    // LEAST_CONN is the old name of LEAST_REQUEST.
    default:
      return defaultLoadBalancer;
  }
}

function keepalive(
  settings: NonNullable<NonNullable<Components["connectionPool"]>["tcp"]>["tcpKeepalive"],
): TcpKeepalive | undefined {
  if (settings === undefined) return undefined;
  return {
    probes: settings.probes === 0 ? undefined : settings.probes,
    time: milliseconds(settings.time),
    interval: milliseconds(settings.interval),
  };
}

function milliseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}
