import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { DestinationRule, FieldPath } from "../objects.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0133: outlier detection by a field that Istio has given up. Istio's own validation loses the warning for subsets; here they are told as well. */
export const deprecatedOutliers: Analyzer<"DestinationRule"> = {
  subject: "deprecated outlier detection",
  kind: "DestinationRule",
  needs: [],
  *check(rule) {
    const { trafficPolicy, subsets = [] } = rule.spec;
    if ((trafficPolicy?.outlierDetection?.consecutiveErrors ?? 0) !== 0) {
      yield deprecated(rule, ["spec", "trafficPolicy"]);
    }
    for (const [index, subset] of subsets.entries()) {
      if ((subset.trafficPolicy?.outlierDetection?.consecutiveErrors ?? 0) === 0) continue;
      yield deprecated(rule, ["spec", "subsets", index, "trafficPolicy"]);
    }
  },
};

function deprecated(rule: DestinationRule, policy: FieldPath): Message {
  return messageOf(
    "IST0133",
    about(rule, [...policy, "outlierDetection", "consecutiveErrors"]),
    "Schema validation warning: outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead",
  );
}
