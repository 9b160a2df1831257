import { messageOf } from "../catalogue.ts";
import type { View } from "../incremental/view.ts";
import type { Service } from "../objects.ts";
import { about } from "../resolve/about.ts";
import { endpointSlicesByService } from "../resolve/object-index.ts";
import type { Analyzer } from "./analyzer.ts";
import { podsWith } from "./pod-templates.ts";
import { declaredSubsets, hasSubsets, withoutTopology } from "./subsets.ts";

/** TCP0013: a subset has pods, and none of them is ready. */
export const unreadySubsets: Analyzer<"DestinationRule"> = {
  subject: "the readiness of subsets",
  kind: "DestinationRule",
  concerns: (rule, view) => view.has("Pod") && hasSubsets(rule),
  needs: [["Pod"], ["EndpointSlice"], ["Service"]],
  *check(rule, view) {
    for (const { subset, service, path } of declaredSubsets(rule, view)) {
      const selector = { ...service.spec.selector, ...withoutTopology(subset.labels ?? {}) };
      const own = podsWith(view, selector, service.metadata.namespace).filter(({ owner }) => owner.kind === "Pod");
      const ready = readyPods(service, view);
      if (own.length === 0 || own.some(({ owner }) => ready.has(owner.metadata.name))) continue;
      yield messageOf(
        "TCP0013",
        about(rule, path),
        `Subset ${subset.name} has ${own.length === 1 ? "1 pod" : `${own.length} pods`} and none is ready, so that its connections are refused. See kubectl describe pod -n ${service.metadata.namespace} ${own[0]?.owner.metadata.name ?? ""}`,
      );
    }
  },
};

function readyPods({ metadata }: Service, view: View): Set<string> {
  const slices = view.find(endpointSlicesByService, `${metadata.namespace}/${metadata.name}`);
  return new Set(
    slices.flatMap(({ endpoints }) =>
      (endpoints ?? []).flatMap(({ conditions, targetRef }) =>
        (conditions?.ready ?? true) && targetRef?.kind === "Pod" ? (targetRef.name ?? []) : [],
      ),
    ),
  );
}
