import { qualifyHost } from "../host.ts";
import type { View } from "../incremental/view.ts";
import type { DestinationRule, FieldPath, Service } from "../objects.ts";
import { findHost, type Subset } from "../resolve/destination.ts";

type Labels = Readonly<Record<string, string>>;

/** A subset of a Service. */
export interface DeclaredSubset {
  readonly subset: Subset;
  readonly service: Service;
  /** `["spec", "subsets", 0]` */
  readonly path: FieldPath;
}

/** All subsets of a rule whose host is a Service with a selector. */
export function* declaredSubsets(rule: DestinationRule, view: View): Generator<DeclaredSubset> {
  const { namespace } = rule.metadata;
  const owner = findHost(view, qualifyHost(rule.spec.host, namespace), namespace);
  if (owner?.kind !== "Service" || Object.keys(owner.service.spec.selector ?? {}).length === 0) return;
  for (const [index, subset] of (rule.spec.subsets ?? []).entries()) {
    yield { subset, service: owner.service, path: ["spec", "subsets", index] };
  }
}

/** Whether a DestinationRule declares a subset. */
export function hasSubsets({ spec }: DestinationRule): boolean {
  return (spec.subsets ?? []).length > 0;
}

/** Labels that a pod has by the node that it runs on, which is unknown here. */
export function withoutTopology(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([name]) =>
        !name.startsWith("topology.kubernetes.io/") &&
        !name.startsWith("topology.istio.io/") &&
        name !== "kubernetes.io/hostname",
    ),
  );
}
