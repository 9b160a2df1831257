import { messageOf } from "../catalogue.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0133: a VirtualService names a Gateway as `name.namespace`. */
export const legacyGatewayNames: Analyzer<"VirtualService"> = {
  subject: "legacy names of Gateways",
  kind: "VirtualService",
  needs: [],
  *check(virtualService) {
    for (const [index, name] of (virtualService.spec.gateways ?? []).entries()) {
      if (name.includes("/") || !name.includes(".")) continue;
      const [gateway = "", namespace = ""] = name.split(".");
      yield messageOf(
        "IST0133",
        about(virtualService, ["spec", "gateways", index]),
        `Schema validation warning: using legacy gatewayName format ${JSON.stringify(name)}; prefer the <namespace>/<name> format: ${JSON.stringify(`${namespace}/${gateway}`)}`,
      );
    }
  },
};
