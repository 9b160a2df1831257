import type { LocalityPolicy, TrafficPolicy, Warmup } from "../table.ts";
import { milliseconds, type DeclaredPolicy } from "./declared-policy.ts";

type DeclaredLoadBalancer = DeclaredPolicy["loadBalancer"];

/** Istio's defaultLBAlgorithm (pilot, cluster_traffic_policy.go). */
const defaultLoadBalancer = "LEAST_REQUEST";

/** Envoy's DefaultTableSize (maglev_lb.h). */
const defaultTableSize = 65_537;
/** destination-rule reference, RingHash.minimumRingSize: "defaults to 1024". */
const defaultRingSize = 1024;

export function loadBalancerOf(
  declared: DeclaredLoadBalancer,
): Pick<TrafficPolicy, "loadBalancer" | "hashTableSize" | "warmup"> {
  const { useSourceIp, maglev, ringHash, minimumRingSize } = declared?.consistentHash ?? {};
  // A key that only HTTP has leaves nothing to hash.
  if (useSourceIp === true) {
    return maglev === undefined
      ? {
          loadBalancer: "RING_HASH",
          hashTableSize: ringHash?.minimumRingSize || minimumRingSize || defaultRingSize,
          warmup: undefined,
        }
      : { loadBalancer: "MAGLEV", hashTableSize: maglev.tableSize || defaultTableSize, warmup: undefined };
  }
  switch (declared?.simple) {
    case "RANDOM":
    case "PASSTHROUGH":
      return { loadBalancer: declared.simple, hashTableSize: 0, warmup: undefined };
    case "ROUND_ROBIN":
      return { loadBalancer: declared.simple, hashTableSize: 0, warmup: warmupOf(declared) };
    // LEAST_CONN is the old name of LEAST_REQUEST.
    default:
      return { loadBalancer: defaultLoadBalancer, hashTableSize: 0, warmup: warmupOf(declared) };
  }
}

/** destination-rule reference, WarmupConfiguration: minimumPercent "defaults to 10", aggression "defaults to 1.0". */
function warmupOf(declared: DeclaredLoadBalancer): Warmup | undefined {
  const { warmup, warmupDurationSecs } = declared ?? {};
  const duration = milliseconds(warmup?.duration ?? warmupDurationSecs);
  if (duration === undefined) return undefined;
  return { duration, minimumPercent: warmup?.minimumPercent ?? 10, aggression: warmup?.aggression ?? 1 };
}

/**
 * Istio enables locality load balancing mesh-wide, and prefers near endpoints once there is outlier detection to tell that they are gone ("Failover should only be applied with
 * outlier detection", pilot, applyLocalityLoadBalancer); shares hold without it. What nobody declares is left to the Service's own hints.
 */
export function localityOf({ loadBalancer, outlierDetection }: DeclaredPolicy): LocalityPolicy {
  const { enabled, distribute = [], failover = [] } = loadBalancer?.localityLbSetting ?? {};
  if (enabled === false) return { kind: "any" };
  if (distribute.length > 0) {
    return {
      kind: "distribute",
      rules: distribute.map(({ from = "*", to = {} }) => ({
        from,
        to: Object.entries(to).flatMap(([locality, percent]) => (percent === 0 ? [] : [{ locality, percent }])),
      })),
    };
  }
  if (outlierDetection === undefined) return { kind: "hints" };
  return {
    kind: "failover",
    regions: failover.flatMap(({ from, to }) => (from === undefined || to === undefined ? [] : [{ from, to }])),
  };
}
