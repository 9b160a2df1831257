import { destinationRuleAnnotations as known, readAnnotation } from "../annotations/definitions.ts";
import type { HealthCheck } from "../table.ts";

/** What `tcp-ingress.dev/health-check…` annotations declare; undefined: no check. */
export function healthCheckOf(annotations: Readonly<Record<string, string>>): HealthCheck | undefined {
  if (readAnnotation(known.healthCheck, annotations) === undefined) return undefined;
  return {
    interval: readAnnotation(known.healthCheckInterval, annotations) ?? 5000,
    timeout: readAnnotation(known.healthCheckTimeout, annotations) ?? 1000,
    healthyThreshold: readAnnotation(known.healthCheckHealthyThreshold, annotations) ?? 2,
    unhealthyThreshold: readAnnotation(known.healthCheckUnhealthyThreshold, annotations) ?? 3,
    send: readAnnotation(known.healthCheckSend, annotations),
    expect: readAnnotation(known.healthCheckExpect, annotations),
  };
}
