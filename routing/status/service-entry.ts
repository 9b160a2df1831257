import { bad, good, messagesOf, refusal, report, summarize, unresolvable } from "./findings.ts";
import type { Usage } from "./references.ts";
import type { Report } from "./status.ts";
import { keyOf, type DeclaredState, type StatusView } from "./view.ts";

/** What a workload finds about a ServiceEntry; undefined where none of its routes leads to it. */
export function serviceEntryReport(view: StatusView, state: DeclaredState, usage: Usage): Report | undefined {
  const clusters = usage.of("ServiceEntry", keyOf(state));
  // Sidecars of a real Istio lead to it as well.
  if (clusters === undefined || view.separate) return undefined;
  const messages = messagesOf(view, state);
  const empty = [...clusters].filter(([name]) => !view.hasEndpoints(name));
  return report(
    state,
    messages,
    {
      Accepted: refusal(state, messages) ?? good("Accepted", "Routes lead to it"),
      ResolvedRefs: state.newest === undefined ? unresolvable : good("ResolvedRefs", "All that it refers to exists"),
      Programmed: summarize(
        empty.map(([, { host, port }]) =>
          bad("NoReadyEndpoints", `${host}:${port} has no endpoint, and routes go to it`),
        ),
        good("Programmed", "Each port that is routed to has an endpoint"),
      ),
    },
    { endpoints: { ready: view.countReady(clusters.keys()) } },
  );
}
