import type { V1NetworkPolicy } from "@kubernetes/client-node";
import * as z from "zod";
import { objects, pods, stackPolicy } from "../kit/index.ts";
import { labelsOf, selects } from "./labels.ts";
import { somePass } from "./others.ts";
import { isJudged, namespaces } from "./scope.ts";

const directions = ["Ingress", "Egress"] as const;
type Direction = (typeof directions)[number];

const networkPolicies = objects("networking.k8s.io/NetworkPolicy");

/** A pod that no NetworkPolicy selects is open in that direction, whatever others of its namespace say. */
export const networkPolicy = stackPolicy({
  name: "network-policy",
  description: "Every pod must be selected by a NetworkPolicy, as any pod of the cluster may else connect to it",
  severity: "high",
  level: "mandatory",
  config: {
    namespaces,
    directions: z
      .array(z.enum(directions))
      .min(1)
      .default(["Ingress"])
      .describe("Directions that a NetworkPolicy has to limit"),
  },
  over: pods,
  check(pod, { config, resource, resources }) {
    if (!isJudged(resource, config.namespaces)) return undefined;
    const namespace = resource?.namespace();
    const labels = labelsOf(pod);
    const open = config.directions.filter(
      (direction) =>
        !somePass(
          networkPolicies(resources, undefined),
          (policy, other) =>
            other?.namespace() === namespace &&
            limits(policy, direction) &&
            selects(policy.spec?.podSelector ?? {}, labels),
        ),
    );
    if (open.length === 0) return undefined;
    return {
      is: `selected by no NetworkPolicy for ${open.join(" and ")}`,
      remedy: "add one to its namespace that selects its labels",
    };
  },
});

/** Without `policyTypes` a NetworkPolicy is for Ingress, and for Egress too if it has rules for that. */
function limits({ spec }: V1NetworkPolicy, direction: Direction): boolean {
  const types = spec?.policyTypes ?? [];
  if (types.length > 0) return types.includes(direction);
  return direction === "Ingress" || (spec?.egress ?? []).length > 0;
}
