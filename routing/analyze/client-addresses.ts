import { messageOf } from "../catalogue.ts";
import { meshGateway } from "../host.ts";
import type { FieldPath, Objects, VirtualService } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import { gatewayKeys } from "../resolve/gateway-names.ts";
import type { Analyzer } from "./analyzer.ts";
import { servicesOfGateway } from "./gateway-services.ts";
import { declaredRules } from "./rules.ts";

/** TCP0015: a match looks at the client's address where the gateway's Service hides it. */
export const clientAddresses: Analyzer = {
  subject: "whether clients' addresses are preserved",
  concerns: (objects) => sourceMatches(objects).next().done !== true,
  needs: [["Pod", "Deployment"], ["Service"]],
  *check(objects) {
    const hiding = new Map(
      objects.gateways.map((gateway) => [
        `${gateway.metadata.namespace}/${gateway.metadata.name}`,
        servicesOfGateway(objects, gateway).filter(
          ({ spec }) =>
            (spec.type === "LoadBalancer" || spec.type === "NodePort") && spec.externalTrafficPolicy !== "Local",
        ),
      ]),
    );
    for (const { virtualService, path } of sourceMatches(objects)) {
      const services = new Set(gatewayKeys(virtualService).flatMap((key) => hiding.get(key) ?? []));
      if (services.size === 0) continue;
      const names = [...services].map((service) => displayName(service)).join(", ");
      yield messageOf(
        "TCP0015",
        about(virtualService, path),
        `sourceSubnet may see a node's address instead of the client's as Service ${names} has externalTrafficPolicy Cluster. Set it to Local, or have the load balancer speak the PROXY protocol`,
      );
    }
  },
};

function* sourceMatches(objects: Objects): Generator<{ virtualService: VirtualService; path: FieldPath }> {
  for (const { virtualService, rule, path } of declaredRules(objects)) {
    for (const [index, { sourceSubnet, gateways }] of (rule.match ?? []).entries()) {
      if (sourceSubnet === undefined || gateways?.every((name) => name === meshGateway) === true) continue;
      yield { virtualService, path: [...path, "match", index, "sourceSubnet"] };
    }
  }
}
