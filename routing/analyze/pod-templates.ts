import type { DeclaredObject, Objects, Pod } from "../objects.ts";

/** A pod, or what a Deployment makes pods of. */
export interface PodTemplate {
  readonly owner: DeclaredObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: NonNullable<Pod["spec"]["containers"]>;
}

/** All pods and templates of pods, oldest first within a kind. */
export function podTemplates(objects: Objects): PodTemplate[] {
  return [
    ...objects.pods.map((pod) => ({
      owner: pod,
      labels: pod.metadata.labels,
      containers: pod.spec.containers ?? [],
    })),
    ...objects.deployments.map((deployment) => ({
      owner: deployment,
      labels: deployment.spec.template.metadata?.labels ?? {},
      containers: deployment.spec.template.spec?.containers ?? [],
    })),
  ];
}
