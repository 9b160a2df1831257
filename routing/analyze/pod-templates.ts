import type { Query, View } from "../incremental/view.ts";
import type { Deployment, Gateway, Pod } from "../objects.ts";
import { deploymentsByLabel, labelKeys, podsByLabel } from "../resolve/object-index.ts";
import { selects } from "../selector.ts";

type Labels = Readonly<Record<string, string>>;

/** A pod, or what a Deployment makes pods of. */
export interface PodTemplate {
  readonly owner: Pod | Deployment;
  readonly labels: Labels;
}

/** So few that it is no use to look for fewer. */
const few = 32;

/** Pods and templates of pods of a namespace that have all of a selector's labels. */
export function podsWith(view: View, selector: Labels, namespace: string): readonly PodTemplate[] {
  return selectPods(view, selector).filter(({ owner }) => owner.metadata.namespace === namespace);
}

/** Pods and templates of pods that a Gateway selects, of any namespace. */
export function podsOfGateway(
  view: View,
  { spec }: { readonly spec: Pick<Gateway["spec"], "selector"> },
): readonly PodTemplate[] {
  return view.ask(podsOfSelector, JSON.stringify(spec.selector ?? {}));
}

/** Most Gateways of a cluster have one selector: what it selects is worked out for all of them. */
const podsOfSelector: Query<readonly PodTemplate[]> = {
  run: (selector, view) => selectPods(view, JSON.parse(selector) as Labels),
};

function selectPods(view: View, selector: Labels): readonly PodTemplate[] {
  return candidates(view, selector).filter(({ labels }) => selects(selector, labels));
}

/** Those of one of the selector's labels: the first that has but few, or else the one that has the fewest. */
function candidates(view: View, selector: Labels): readonly PodTemplate[] {
  let fewest: readonly PodTemplate[] | undefined;
  for (const key of labelKeys(selector)) {
    const found = templates(view.find(podsByLabel, key), view.find(deploymentsByLabel, key));
    if (fewest === undefined || found.length < fewest.length) fewest = found;
    if (fewest.length <= few) break;
  }
  return fewest ?? templates(view.all("Pod"), view.all("Deployment"));
}

function templates(pods: readonly Pod[], deployments: readonly Deployment[]): PodTemplate[] {
  return [
    ...pods.map((owner) => ({ owner, labels: owner.metadata.labels })),
    ...deployments.map((owner) => ({ owner, labels: owner.spec.template.metadata?.labels ?? {} })),
  ];
}
