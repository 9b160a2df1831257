import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

type Labels = Readonly<Record<string, string>>;

/** Pods over zones first and over nodes then, as far as there are any. */
export function topologySpread(selector: Labels): k8s.types.input.core.v1.TopologySpreadConstraint[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...selector } },
  }));
}

/** Lets nodes be drained by one pod at a time. A budget that left a single pod no disruption would hold up every drain of its node. */
export function createDisruptionBudget(
  parent: pulumi.Resource,
  metadata: { readonly name: string; readonly namespace: string; readonly labels: Labels },
  selector: Labels,
): k8s.policy.v1.PodDisruptionBudget {
  return new k8s.policy.v1.PodDisruptionBudget(
    metadata.name,
    { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: { ...selector } } } },
    { parent },
  );
}
