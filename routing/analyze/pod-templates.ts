import type { DeclaredObject, Gateway, Objects } from "../objects.ts";
import { selects } from "../selector.ts";

type Labels = Readonly<Record<string, string>>;

/** A pod, or what a Deployment makes pods of. */
export interface PodTemplate {
  readonly owner: DeclaredObject;
  readonly labels: Labels;
}

/** Finds pods by labels without a look at every one of them. */
class PodIndex {
  readonly #all: readonly PodTemplate[];
  /** By `label=value`. */
  readonly #byLabel = new Map<string, PodTemplate[]>();

  constructor(pods: readonly PodTemplate[]) {
    this.#all = pods;
    for (const pod of pods) {
      for (const [name, value] of Object.entries(pod.labels)) {
        const key = `${name}=${value}`;
        const members = this.#byLabel.get(key);
        if (members === undefined) this.#byLabel.set(key, [pod]);
        else members.push(pod);
      }
    }
  }

  select(selector: Labels | undefined): readonly PodTemplate[] {
    const buckets = Object.entries(selector ?? {}).map(([name, value]) => this.#byLabel.get(`${name}=${value}`) ?? []);
    const [smallest] = buckets.sort((a, b) => a.length - b.length);
    if (smallest === undefined) return this.#all;
    return buckets.length === 1 ? smallest : smallest.filter(({ labels }) => selects(selector, labels));
  }
}

const indexes = new WeakMap<Objects, PodIndex>();

function podIndexOf(objects: Objects): PodIndex {
  let index = indexes.get(objects);
  if (index === undefined) {
    index = new PodIndex([
      ...objects.pods.map((pod) => ({ owner: pod, labels: pod.metadata.labels })),
      ...objects.deployments.map((deployment) => ({
        owner: deployment,
        labels: deployment.spec.template.metadata?.labels ?? {},
      })),
    ]);
    indexes.set(objects, index);
  }
  return index;
}

/** Pods and templates of pods of a namespace that have all of a selector's labels. */
export function podsWith(objects: Objects, selector: Labels, namespace: string): readonly PodTemplate[] {
  return podIndexOf(objects)
    .select(selector)
    .filter(({ owner }) => owner.metadata.namespace === namespace);
}

/** Pods and templates of pods that a Gateway selects, of any namespace. */
export function podsOfGateway(objects: Objects, { spec }: Gateway): readonly PodTemplate[] {
  return podIndexOf(objects).select(spec.selector);
}
