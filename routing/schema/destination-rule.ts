import * as z from "zod";
import { dnsLabel, ruleHost } from "./address.ts";
import { exportTo, isUnique, labels, selector, withRules } from "./common.ts";
import { trafficPolicy } from "./traffic-policy.ts";

const subset = z.object({
  name: dnsLabel.meta({ description: "What a VirtualService calls it." }),
  labels: labels.optional().meta({ description: "Labels of the subset's pods." }),
  trafficPolicy: trafficPolicy.optional(),
});

const subsets = withRules(z.array(subset).max(128), {
  cel: "self.all(s, self.exists_one(o, o.name == s.name))",
  message: "Expected subset names that are unique",
  holds: (list) => isUnique(list.map(({ name }) => name)),
});

/** `networking.istio.io` DestinationRule, the parts that concern TCP and TLS. */
export const destinationRuleSpec = withRules(
  z.object({
    host: ruleHost.meta({ description: "The Service's name, short or fully qualified." }),
    trafficPolicy: trafficPolicy.optional(),
    subsets: subsets.optional().meta({ description: "Named sets of the host's endpoints." }),
    exportTo,
    workloadSelector: z
      .object({ matchLabels: selector.optional().meta({ description: "Labels that all must be there." }) })
      .optional()
      .meta({ description: "Gateways that the rule is for, by their pods' labels; all by default." }),
  }),
  {
    cel: "!has(self.workloadSelector) || !has(self.exportTo) || self.exportTo == ['.']",
    message: "Expected no exportTo but . with a workloadSelector",
    field: "exportTo",
    holds: ({ workloadSelector, exportTo = ["."] }) =>
      workloadSelector === undefined || (exportTo.length === 1 && exportTo[0] === "."),
  },
);
