import type { V1HorizontalPodAutoscaler } from "@kubernetes/client-node";
import * as z from "zod";
import { objects, shown, stackPolicy } from "../kit/index.ts";
import { somePass, type Test } from "./others.ts";
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
  check({ metadata, spec }, { config: { minimum, namespaces }, resource, resources }) {
    if (!isJudged(resource, namespaces)) return undefined;
    const name = metadata?.name;
    const namespace = resource?.namespace();
    const scales: Test<V1HorizontalPodAutoscaler> = (autoscaler, other) => {
      const target = autoscaler.spec?.scaleTargetRef;
      return (
        target?.name === name && `apps/${target?.kind ?? ""}` === resource?.kind && other?.namespace() === namespace
      );
    };
    const property = ["spec", "replicas"];
    const remedy = `run ${minimum} or more`;
    const candidates = [...autoscalers(resources, undefined)];
    if (somePass(candidates, scales)) {
      const enough: typeof scales = (autoscaler, other) =>
        scales(autoscaler, other) && (autoscaler.spec?.minReplicas ?? 1) >= minimum;
      if (somePass(candidates, enough)) return undefined;
      return { property, is: "left to a HorizontalPodAutoscaler with a lower minReplicas", remedy };
    }
    const replicas = spec?.replicas ?? 1;
    return replicas >= minimum ? undefined : { property, is: shown(replicas), remedy };
  },
});
