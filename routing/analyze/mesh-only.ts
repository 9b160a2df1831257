import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredRules } from "./rules.ts";

/** TCP0020: a VirtualService that lists no Gateway. An Info: beside a real Istio it is meant for the sidecars, and without one it is for nobody. */
export const meshOnly: Analyzer<"VirtualService"> = {
  subject: "VirtualServices without a Gateway",
  kind: "VirtualService",
  needs: [],
  *check(virtualService) {
    const { spec, origin } = virtualService;
    if ((spec.gateways ?? []).length > 0 || origin.source !== undefined) return;
    if (declaredRules(virtualService).next().done === true) return;
    yield messageOf(
      "TCP0020",
      about(virtualService, ["spec"]),
      "No gateway serves it as it lists none: without spec.gateways it is for the sidecars of a mesh. List the Gateways that are to route it",
    );
  },
};
