import type { Objects } from "../objects.ts";
import { selects } from "../selector.ts";
import type { Workload } from "../workload.ts";

/**
 * The gateway pods that two sets of objects are about: those of Deployments that a Gateway selects and, for Gateways that select none of these, pods with exactly the
 * labels that the Gateway asks for.
 */
export function workloadsOf(...sets: readonly Objects[]): Workload[] {
  const workloads = new Map<string, Workload>();
  const gateways = sets
    .flatMap((objects) => objects.gateways)
    // Whoever asks for more labels comes first: his pods also serve those who ask for less.
    .sort((a, b) => size(b.spec.selector) - size(a.spec.selector));
  const deployments = sets.flatMap((objects) => objects.deployments);
  for (const { metadata, spec } of gateways) {
    for (const { metadata: owner, spec: deployed } of deployments) {
      const labels = deployed.template.metadata?.labels ?? {};
      if (size(spec.selector) > 0 && selects(spec.selector, labels)) {
        workloads.set(keyOf(labels), { namespace: owner.namespace, labels });
      }
    }
    const served = [...workloads.values()].some(({ labels }) => selects(spec.selector, labels));
    const labels = spec.selector ?? {};
    if (!served) workloads.set(keyOf(labels), { namespace: metadata.namespace, labels });
  }
  return [...workloads.values()];
}

function size(labels: Readonly<Record<string, string>> = {}): number {
  return Object.keys(labels).length;
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort());
}
