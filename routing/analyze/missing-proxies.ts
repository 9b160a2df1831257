import { messageOf } from "../catalogue.ts";
import { about, displayName } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";
import { hasProxy, isInjected, ownInjection } from "./injection.ts";

/** IST0103: a pod has no sidecar where its namespace asks for one. An Info here: nothing of ours needs it. */
export const missingProxies: Analyzer<"Pod"> = {
  subject: "sidecars of pods",
  kind: "Pod",
  needs: [],
  *check(pod, view) {
    const { namespace, labels, annotations } = pod.metadata;
    const { containers, initContainers, hostNetwork } = pod.spec;
    // A watch of metadata alone knows no containers.
    if (containers === undefined || containers === null || hostNetwork === true) return;
    // A native sidecar is an init container that goes on running.
    if (hasProxy(containers) || hasProxy(initContainers)) return;
    if (ownInjection(labels, annotations)?.toLowerCase() === "false") return;
    if (!isInjected(view.get("Namespace", "", namespace))) return;
    yield messageOf(
      "IST0103",
      about(pod, ["metadata", "name"]),
      `The pod ${displayName(pod)} is missing the Istio proxy. This can often be resolved by restarting or redeploying the workload.`,
    );
  },
};
