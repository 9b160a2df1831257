import { messageOf } from "../catalogue.ts";
import { meshGateway } from "../host.ts";
import { about } from "../resolve/about.ts";
import { gatewayKey, isInternalGateway } from "../resolve/gateway-names.ts";
import { notFound } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0101: a VirtualService lists a Gateway that does not exist. */
export const gatewayReferences: Analyzer<"VirtualService"> = {
  subject: "the Gateways that VirtualServices list",
  kind: "VirtualService",
  needs: [],
  looksUp: ["Gateway"],
  *check(virtualService, view) {
    for (const [index, name] of (virtualService.spec.gateways ?? []).entries()) {
      if (name === meshGateway || isInternalGateway(name)) continue;
      const key = gatewayKey(name, virtualService.metadata.namespace);
      const slash = key.indexOf("/");
      if (view.get("Gateway", key.slice(0, slash), key.slice(slash + 1)) !== undefined) continue;
      yield messageOf("IST0101", about(virtualService, ["spec", "gateways", index]), notFound("gateway", name));
    }
  },
};
