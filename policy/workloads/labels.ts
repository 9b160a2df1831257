import type { V1LabelSelector, V1Pod } from "@kubernetes/client-node";
import { matchesLabels, type LabelSelector } from "../../routing/gateway-api/label-selector.ts";
import type { Pod } from "../kit/index.ts";

/** Whether a selector of Kubernetes selects a pod: without a selector no pod is meant, with an empty one each. */
export function selects(selector: V1LabelSelector | null | undefined, pod: Pod | V1Pod | undefined): boolean {
  // The API server knows no other operators than the schema.
  return (selector ?? undefined) !== undefined && matchesLabels(selector as LabelSelector, pod?.metadata?.labels ?? {});
}
