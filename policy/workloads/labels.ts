import type { V1LabelSelector } from "@kubernetes/client-node";
import { matchesLabels, type LabelSelector } from "../../routing/gateway-api/label-selector.ts";
import type { Pod } from "../kit/index.ts";
import { isSet } from "./is-set.ts";

/** A pod's labels, read now: what a preview can't know of them is the pod's and not of whoever selects by them. */
export function labelsOf(pod: Pod | undefined): Readonly<Record<string, string>> {
  return { ...pod?.metadata?.labels };
}

/** Whether a selector of Kubernetes selects a pod with some labels: without a selector no pod is meant, with an empty one each. */
export function selects(
  selector: V1LabelSelector | null | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  // The API server knows no other operators than the schema.
  return isSet(selector) && matchesLabels(selector as LabelSelector, labels);
}
