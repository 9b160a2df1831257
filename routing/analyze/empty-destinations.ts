import { messageOf } from "../catalogue.ts";
import type { View } from "../incremental/view.ts";
import type { Service } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import { resolveHostPort } from "../resolve/destination.ts";
import { endpointSlicesByService, workloadEntriesByNamespace } from "../resolve/object-index.ts";
import { selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredDestinations } from "./rules.ts";

/** TCP0024: a destination is a Service behind which there is nobody, or nobody who is ready. Of a subset others tell (IST0173, TCP0013). */
export const emptyDestinations: Analyzer<"VirtualService"> = {
  subject: "the endpoints of destinations",
  kind: "VirtualService",
  // Without any pod the input is files, of which nobody expects endpoints.
  concerns: (_virtualService, view) => view.has("Pod"),
  needs: [["EndpointSlice"], ["Service"]],
  *check(virtualService, view) {
    for (const { destination, path } of declaredDestinations(virtualService)) {
      const resolved = resolveHostPort(view, destination, virtualService.metadata.namespace);
      if (destination.subset !== undefined || "kind" in resolved || resolved.owner.kind !== "Service") continue;
      const why = whyEmpty(resolved.owner.service, view);
      if (why === undefined) continue;
      yield messageOf(
        "TCP0024",
        about(virtualService, [...path, "destination", "host"]),
        `Connections to ${destination.host} are refused as ${why}`,
      );
    }
  },
};

function whyEmpty(service: Service, view: View): string | undefined {
  const { metadata, spec } = service;
  if (spec.type === "ExternalName") return undefined;
  const slices = view.find(endpointSlicesByService, `${metadata.namespace}/${metadata.name}`);
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  const hasSelector = Object.keys(spec.selector ?? {}).length > 0;
  const isWorkload = view
    .find(workloadEntriesByNamespace, metadata.namespace)
    .some((entry) => hasSelector && selects(spec.selector, { ...entry.metadata.labels, ...entry.spec.labels }));
  if (isWorkload || endpoints.some(({ conditions }) => conditions?.ready ?? true)) return undefined;
  const name = `Service ${displayName(service)}`;
  if (endpoints.length > 0)
    return `none of the endpoints of ${name} is ready. Look at its pods' readiness probes and events`;
  return hasSelector
    ? `${name} selects no pod. Correct its selector, or start the workload`
    : `${name} has no selector, and no EndpointSlice names it. Give it one or the other`;
}
