import type { V1PodSpec } from "@kubernetes/client-node";

/** The API server takes no Linux setting from a pod that says it is Windows', so the standards ask for none (since v1.25). */
export function isWindows(pod: V1PodSpec): boolean {
  return pod.os?.name === "windows";
}
