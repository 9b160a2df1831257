import type { DeclaredObject, Gateway, Objects } from "../objects.ts";
import { selects } from "../selector.ts";

/** A pod, or what a Deployment makes pods of. */
export interface PodTemplate {
  readonly owner: DeclaredObject;
  readonly labels: Readonly<Record<string, string>>;
}

/** All pods and templates of pods, oldest first within a kind. */
export function podTemplates(objects: Objects): PodTemplate[] {
  return [
    ...objects.pods.map((pod) => ({
      owner: pod,
      labels: pod.metadata.labels,
    })),
    ...objects.deployments.map((deployment) => ({
      owner: deployment,
      labels: deployment.spec.template.metadata?.labels ?? {},
    })),
  ];
}

/** Those that a Gateway selects, of any namespace. */
export function podsOfGateway({ spec }: Gateway, pods: readonly PodTemplate[]): PodTemplate[] {
  return pods.filter(({ labels }) => selects(spec.selector, labels));
}
