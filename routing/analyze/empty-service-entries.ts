import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import { workloadEntriesByNamespace } from "../resolve/object-index.ts";
import { formatSelector, selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";

/** TCP0024: a ServiceEntry of static endpoints that has none. */
export const emptyServiceEntries: Analyzer<"ServiceEntry"> = {
  subject: "the endpoints of ServiceEntries",
  kind: "ServiceEntry",
  needs: [],
  looksUp: ["WorkloadEntry"],
  *check(entry, view) {
    const { resolution, endpoints = [], workloadSelector } = entry.spec;
    if (workloadSelector === undefined) {
      if (resolution !== "STATIC" || endpoints.length > 0) return;
      const text =
        "Connections to its hosts are refused as it has resolution STATIC and no endpoints. Add endpoints, or a workloadSelector";
      yield messageOf("TCP0024", about(entry, ["spec", "resolution"]), text);
      return;
    }
    const isSelected = view
      .find(workloadEntriesByNamespace, entry.metadata.namespace)
      .some(({ metadata, spec }) => selects(workloadSelector.labels, { ...metadata.labels, ...spec.labels }));
    if (isSelected || endpoints.length > 0) return;
    yield messageOf(
      "TCP0024",
      about(entry, ["spec", "workloadSelector"]),
      `Connections to its hosts are refused as workloadSelector ${formatSelector(workloadSelector.labels)} selects no WorkloadEntry of namespace ${entry.metadata.namespace}. Correct the labels, or add the WorkloadEntry`,
    );
  },
};
