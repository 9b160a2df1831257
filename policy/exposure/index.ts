import type { Policy } from "../kit/index.ts";
import { externalIps } from "./external-ips.ts";
import { externalTrafficPolicy } from "./external-traffic-policy.ts";
import { loadBalancers } from "./load-balancers.ts";
import { requiredServiceAnnotations } from "./required-service-annotations.ts";
import { serviceAnnotations } from "./service-annotations.ts";
import { serviceTypes } from "./service-types.ts";
import { sourceRanges } from "./source-ranges.ts";

export const exposure: readonly Policy[] = [
  loadBalancers,
  serviceTypes,
  requiredServiceAnnotations,
  serviceAnnotations,
  externalTrafficPolicy,
  sourceRanges,
  externalIps,
];
