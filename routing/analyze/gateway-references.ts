import { messageOf } from "../catalogue.ts";
import { meshGateway } from "../host.ts";
import { about } from "../resolve/about.ts";
import { gatewayKey, isInternalGateway } from "../resolve/gateway-names.ts";
import { notFound } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";

/** IST0101: a VirtualService lists a Gateway that does not exist. */
export const gatewayReferences: Analyzer = {
  subject: "the Gateways that VirtualServices list",
  concerns: () => true,
  needs: [],
  looksUp: ["Gateway"],
  *check(objects) {
    const known = new Set(objects.gateways.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
    for (const virtualService of objects.virtualServices) {
      for (const [index, name] of (virtualService.spec.gateways ?? []).entries()) {
        if (
          name === meshGateway ||
          isInternalGateway(name) ||
          known.has(gatewayKey(name, virtualService.metadata.namespace))
        )
          continue;
        yield messageOf("IST0101", about(virtualService, ["spec", "gateways", index]), notFound("gateway", name));
      }
    }
  },
};
