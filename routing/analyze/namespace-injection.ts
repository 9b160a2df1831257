import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";
import { injectionLabel, isSystemNamespace, revisionLabel } from "./injection.ts";

/** IST0102: a namespace says nothing about sidecars. */
export const namespaceInjection: Analyzer = {
  subject: "labels of namespaces",
  concerns: () => true,
  needs: [],
  *check(objects) {
    for (const namespace of objects.namespaces) {
      const { name, labels } = namespace.metadata;
      if (isSystemNamespace(name) || (labels[injectionLabel] ?? "") !== "" || revisionLabel in labels) continue;
      yield messageOf(
        "IST0102",
        about(namespace, ["metadata", "name"]),
        `The namespace is not enabled for Istio injection. Run 'kubectl label namespace ${name} istio-injection=enabled' to enable it, or 'kubectl label namespace ${name} istio-injection=disabled' to explicitly mark it as not needing injection.`,
      );
    }
  },
};
