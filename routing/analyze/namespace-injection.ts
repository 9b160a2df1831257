import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";
import { injectionLabel, isSystemNamespace, revisionLabel } from "./injection.ts";

/** IST0102: a namespace says nothing about sidecars. */
export const namespaceInjection: Analyzer<"Namespace"> = {
  subject: "labels of namespaces",
  kind: "Namespace",
  needs: [],
  *check(namespace) {
    const { name, labels } = namespace.metadata;
    if (isSystemNamespace(name) || (labels[injectionLabel] ?? "") !== "" || revisionLabel in labels) return;
    yield messageOf(
      "IST0102",
      about(namespace, ["metadata", "name"]),
      `The namespace is not enabled for Istio injection. Run 'kubectl label namespace ${name} istio-injection=enabled' to enable it, or 'kubectl label namespace ${name} istio-injection=disabled' to explicitly mark it as not needing injection.`,
    );
  },
};
