import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import { workloadEntriesByNamespace } from "../resolve/object-index.ts";
import { selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";
import { podsWith } from "./pod-templates.ts";
import { declaredSubsets, hasSubsets, withoutTopology } from "./subsets.ts";

/** IST0173: a subset's labels, with those of its Service's selector, select no pod. */
export const subsetPods: Analyzer<"DestinationRule"> = {
  subject: "the pods of subsets",
  kind: "DestinationRule",
  concerns: hasSubsets,
  needs: [["Pod", "Deployment", "WorkloadEntry"], ["Service"]],
  *check(rule, view) {
    for (const { subset, service, path } of declaredSubsets(rule, view)) {
      const selector = { ...service.spec.selector, ...withoutTopology(subset.labels ?? {}) };
      const { namespace } = service.metadata;
      const selected =
        podsWith(view, selector, namespace).length > 0 ||
        view
          .find(workloadEntriesByNamespace, namespace)
          .some(({ metadata, spec }) => selects(selector, { ...metadata.labels, ...spec.labels }));
      if (selected) continue;
      yield messageOf(
        "IST0173",
        about(rule, path),
        `The Subset ${subset.name} defined in the DestinationRule does not select any pods. Which may lead to 503 UH (NoHealthyUpstream).`,
      );
    }
  },
};
