import type { V1PodSpec } from "@kubernetes/client-node";
import * as z from "zod";

/** Config of the checks that differ between versions of the Pod Security Standards. Before v1.25 admission was no stable part of Kubernetes. */
export const version = z
  .string()
  .regex(/^(latest|v1\.(2[5-9]|[3-9][0-9]))$/)
  .default("latest")
  .describe(
    "Version of the Pod Security Standards, as the label `pod-security.kubernetes.io/enforce-version` says it: the cluster's own, such as `v1.34`, or `latest`, which is v1.37 here",
  );

/** Whether a version is `v1.MINOR` or later. */
export function since(configured: string, minor: number): boolean {
  return configured === "latest" || Number(configured.slice("v1.".length)) >= minor;
}

/** A user namespace makes the pod's root nobody on its node, which the standards take into account since v1.35 (KEP-127). */
export function relaxedByUserNamespace(pod: V1PodSpec, configured: string): boolean {
  return since(configured, 35) && pod.hostUsers === false;
}
