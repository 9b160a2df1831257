import type { OutlierDetection } from "../table.ts";
import { milliseconds, type DeclaredPolicy } from "./declared-policy.ts";

/** destination-rule reference, OutlierDetection: "Defaults to 5" for consecutive5xxErrors and consecutiveLocalOriginFailures. */
const defaultFailures = 5;
/** Envoy, outlier_detection.proto: max_ejection_time, "the default value (300000ms or 300s) … or base_ejection_time value is applied, whatever is larger". */
const maxEjectionTime = 300_000;

/** The defaults are the destination-rule reference's; 0 percent counts as not declared, as Istio cannot tell them apart. */
export function outlierDetectionOf(declared: DeclaredPolicy["outlierDetection"]): OutlierDetection | undefined {
  if (declared === undefined) return undefined;
  const baseEjectionTime = milliseconds(declared.baseEjectionTime) ?? 30_000;
  return {
    consecutiveFailures: failuresOf(declared),
    interval: milliseconds(declared.interval) ?? 10_000,
    baseEjectionTime,
    maxEjectionTime: Math.max(maxEjectionTime, baseEjectionTime),
    maxEjectionPercent: declared.maxEjectionPercent || 10,
    minHealthPercent: declared.minHealthPercent ?? 0,
  };
}

/** Envoy (outlier_detection_impl.cc, resultToHttpCode) takes a failed connect for 503 and a timeout for 504, which are gateway errors and 5xx errors both. */
function failuresOf(declared: NonNullable<DeclaredPolicy["outlierDetection"]>): number | undefined {
  const counts =
    declared.splitExternalLocalOriginErrors === true
      ? [declared.consecutiveLocalOriginFailures ?? defaultFailures]
      : [declared.consecutive5xxErrors ?? defaultFailures, declared.consecutiveGatewayErrors ?? 0];
  const enforced = counts.filter((count) => count > 0);
  return enforced.length === 0 ? undefined : Math.min(...enforced);
}
