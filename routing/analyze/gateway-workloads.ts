import type { Query, View } from "../incremental/view.ts";
import type { Gateway } from "../objects.ts";
import type { Workload } from "../workload.ts";
import { podsOfGateway } from "./pod-templates.ts";

/**
 * The workloads that serve a Gateway, by their namespaces, which is what `exportTo` goes by. Where no pod is known it is taken to be served where it is declared, as the standalone
 * gateway does.
 */
export function workloadsOf(view: View, gateway: Gateway): readonly [Workload, ...Workload[]] {
  const [first, ...others] = view.ask(podNamespaces, JSON.stringify(gateway.spec.selector ?? {}));
  return [workload(first ?? gateway.metadata.namespace), ...others.map(workload)];
}

/** Pods come and go; the namespaces that they are in stay. */
const podNamespaces: Query<readonly string[]> = {
  run: (selector, view) => {
    const pods = podsOfGateway(view, { spec: { selector: JSON.parse(selector) as Record<string, string> } });
    return [...new Set(pods.map(({ owner }) => owner.metadata.namespace))].sort();
  },
};

function workload(namespace: string): Workload {
  return { namespace, labels: {} };
}
