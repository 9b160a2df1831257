import { messageOf } from "../catalogue.ts";
import { about, displayName } from "../resolve/about.ts";
import { isInternalGateway } from "../resolve/gateway-names.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0165: a VirtualService lists a Gateway that Istio makes for itself. */
export const internalGateways: Analyzer<"VirtualService"> = {
  subject: "references to internal Gateways",
  kind: "VirtualService",
  needs: [],
  *check(virtualService) {
    for (const [index, name] of (virtualService.spec.gateways ?? []).entries()) {
      if (!isInternalGateway(name)) continue;
      yield messageOf(
        "IST0165",
        about(virtualService, ["spec", "gateways", index]),
        `Gateway reference in VirtualService ${displayName(virtualService)} is to an implementation-generated internal Gateway: ${name}.`,
      );
    }
  },
};
