import type { V1HorizontalPodAutoscaler } from "@kubernetes/client-node";
import { z } from "zod";
import { objects, shown, some, stackPolicy, type Piece } from "../kit/index.ts";
import { replicated, replicatedScope } from "./replicated.ts";
import { isJudged } from "./scope.ts";

const autoscalers = objects("autoscaling/HorizontalPodAutoscaler");

/** Where a HorizontalPodAutoscaler scales the workload its `minReplicas` counts. Both are 1 where they are not set. */
export const minimumReplicas = stackPolicy({
  name: "minimum-replicas",
  description: "Workloads must run in several replicas, as a single pod is away with its node and while it is replaced",
  severity: "medium",
  level: "advisory",
  config: {
    ...replicatedScope,
    minimum: z.int().min(1).default(2).describe("How many replicas a workload has at least"),
  },
  over: replicated,
  check({ metadata, spec }, { config, resource, resources }) {
    if (!isJudged(resource, config.namespaces)) return undefined;
    const candidates = [...autoscalers(resources, undefined)];
    const scales = (autoscaler: Piece<V1HorizontalPodAutoscaler>) => {
      const target = autoscaler.read().spec?.scaleTargetRef;
      return (
        resource?.kind === `apps/${target?.kind ?? ""}` &&
        target?.name === metadata?.name &&
        autoscaler.resource?.namespace() === resource.namespace()
      );
    };
    const scaled = some(candidates, scales);
    const replicas = spec?.replicas ?? 1;
    const enough = scaled
      ? some(
          candidates,
          (autoscaler) => scales(autoscaler) && (autoscaler.read().spec?.minReplicas ?? 1) >= config.minimum,
        )
      : replicas >= config.minimum;
    if (enough) return undefined;
    return {
      property: ["spec", "replicas"],
      is: scaled ? "left to a HorizontalPodAutoscaler with a lower minReplicas" : shown(replicas),
      remedy: `run ${config.minimum} or more`,
    };
  },
});
