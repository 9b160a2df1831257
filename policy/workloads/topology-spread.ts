import * as z from "zod";
import { some, stackPolicy } from "../kit/index.ts";
import { labelsOf, selects } from "./labels.ts";
import { replicated, replicatedScope } from "./replicated.ts";
import { isJudged } from "./scope.ts";

/** The cluster's own default constraints are not counted on: a stack can't see them. */
export const topologySpread = stackPolicy({
  name: "topology-spread",
  description: "Workloads must spread their pods, as one zone or node that fails may else take all of them",
  severity: "medium",
  level: "advisory",
  config: {
    ...replicatedScope,
    topologyKeys: z
      .array(z.string())
      .min(1)
      .default(["topology.kubernetes.io/zone", "kubernetes.io/hostname"])
      .describe("Labels of nodes, over one of which at least the pods are spread"),
  },
  over: replicated,
  check({ spec }, { config, resource }) {
    if (!isJudged(resource, config.namespaces)) return undefined;
    const template = spec?.template;
    const labels = labelsOf(template);
    const constraints = template?.spec?.topologySpreadConstraints ?? [];
    const spread = some(
      constraints,
      ({ topologyKey, labelSelector }) => config.topologyKeys.includes(topologyKey) && selects(labelSelector, labels),
    );
    if (spread) return undefined;
    return {
      property: ["spec", "template", "spec", "topologySpreadConstraints"],
      is: constraints.length === 0 ? "not set" : "without one that selects the pods themselves",
      remedy: `spread them over ${config.topologyKeys.join(" or ")}`,
    };
  },
});
