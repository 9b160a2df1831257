import { messageOf } from "../catalogue.ts";
import { about, displayName } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";
import { hasProxy, injectedNamespaces, ownInjection } from "./injection.ts";

/** IST0103: a pod has no sidecar where its namespace asks for one. An Info here: nothing of ours needs it. */
export const missingProxies: Analyzer = {
  subject: "sidecars of pods",
  concerns: () => true,
  needs: [],
  *check(objects) {
    const injected = injectedNamespaces(objects);
    for (const pod of objects.pods) {
      const { namespace, labels, annotations } = pod.metadata;
      const { containers, hostNetwork } = pod.spec;
      // A watch of metadata alone knows no containers.
      if (!injected.has(namespace) || containers === undefined || containers === null) continue;
      if (ownInjection(labels, annotations)?.toLowerCase() === "false" || hostNetwork === true) continue;
      if (hasProxy(containers)) continue;
      yield messageOf(
        "IST0103",
        about(pod, ["metadata", "name"]),
        `The pod ${displayName(pod)} is missing the Istio proxy. This can often be resolved by restarting or redeploying the workload.`,
      );
    }
  },
};
