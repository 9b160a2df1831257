import { clusterName, createCluster } from "../compile/clusters.ts";
import { resolveEndpoints } from "../compile/endpoints.ts";
import type { DestinationRule } from "../objects.ts";
import { portsOf, type ResolvedDestination, type Subset } from "../resolve/destination.ts";
import { bad, good, messagesOf, refusal, report, summarize, unresolvable } from "./findings.ts";
import type { Usage } from "./references.ts";
import type { Report } from "./status.ts";
import { keyOf, type DeclaredState, type StatusView } from "./view.ts";

/** What a workload finds about a DestinationRule; undefined where none of its routes goes by it. */
export function destinationRuleReport(
  view: StatusView,
  state: DeclaredState,
  rule: DestinationRule,
  usage: Usage,
): Report | undefined {
  const clusters = usage.of("DestinationRule", keyOf(state));
  // Sidecars of a real Istio go by the rule as well.
  if (clusters === undefined || view.separate) return undefined;
  const messages = messagesOf(view, state);
  const subsets = rule.spec.subsets ?? [];
  const ready = subsets.filter((subset) => isReady(view, subset, clusters));
  const empty = [...clusters].filter(
    ([name, { subset }]) => subset !== undefined && subsets.includes(subset) && !view.hasEndpoints(name),
  );
  return report(
    state,
    messages,
    {
      Accepted: refusal(state, messages) ?? good("Accepted", "Connections go by it"),
      ResolvedRefs:
        state.newest === undefined ? unresolvable : good("ResolvedRefs", `Its host ${rule.spec.host} exists`),
      Programmed: summarize(
        empty.map(([, { subset }]) =>
          bad("NoReadyEndpoints", `Subset ${subset?.name ?? ""} has no ready endpoint, and routes go to it`),
        ),
        good("Programmed", `${ready.length} of ${subsets.length} subsets have a ready endpoint`),
      ),
    },
    { subsets: { declared: subsets.length, ready: ready.length } },
  );
}

/** Whether a subset has an endpoint behind any port; one that no route goes to is looked at by its host's first port. */
function isReady(view: StatusView, subset: Subset, clusters: ReadonlyMap<string, ResolvedDestination>): boolean {
  const routed = [...clusters].flatMap(([name, resolved]) => (resolved.subset === subset ? name : []));
  if (routed.length > 0) return view.countReady(routed) > 0;
  const [any] = clusters.values();
  const [port] = any === undefined ? [] : portsOf(any.owner);
  if (any === undefined || port === undefined) return false;
  const destination = { ...any, subset, port: port.number, portName: port.name };
  const name = clusterName(destination);
  const cluster = createCluster(name, destination);
  if ("unserved" in cluster) return false;
  const found = resolveEndpoints({ listeners: [], clusters: new Map([[name, cluster]]) }, view.objects);
  return (found.get(name) ?? []).some(({ terminating }) => !terminating);
}
