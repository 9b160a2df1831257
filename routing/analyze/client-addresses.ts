import { messageOf } from "../catalogue.ts";
import { meshGateway } from "../host.ts";
import type { View } from "../incremental/view.ts";
import type { FieldPath, Service, VirtualService } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import { gatewayKeys } from "../resolve/gateway-names.ts";
import type { Analyzer } from "./analyzer.ts";
import { servicesOfGateway } from "./gateway-services.ts";
import { declaredRules } from "./rules.ts";

/** TCP0015: a match looks at the client's address where the gateway's Service hides it. */
export const clientAddresses: Analyzer<"VirtualService"> = {
  subject: "whether clients' addresses are preserved",
  kind: "VirtualService",
  concerns: (virtualService) => sourceMatches(virtualService).next().done !== true,
  needs: [["Pod", "Deployment"], ["Service"]],
  *check(virtualService, view) {
    for (const path of sourceMatches(virtualService)) {
      const services = hidingServices(virtualService, view);
      if (services.size === 0) return;
      const names = [...services].map((service) => displayName(service)).join(", ");
      yield messageOf(
        "TCP0015",
        about(virtualService, path),
        `sourceSubnet may see a node's address instead of the client's as Service ${names} has externalTrafficPolicy Cluster. Set it to Local, or have the load balancer speak the PROXY protocol`,
      );
    }
  },
};

/** The Services of the VirtualService's Gateways that do not tell who the client is. */
function hidingServices(virtualService: VirtualService, view: View): Set<Service> {
  const services = gatewayKeys(virtualService).flatMap((key) => {
    const slash = key.indexOf("/");
    const gateway = view.get("Gateway", key.slice(0, slash), key.slice(slash + 1));
    return gateway === undefined ? [] : servicesOfGateway(view, gateway);
  });
  return new Set(
    services.filter(
      ({ spec }) =>
        (spec.type === "LoadBalancer" || spec.type === "NodePort") && spec.externalTrafficPolicy !== "Local",
    ),
  );
}

function* sourceMatches(virtualService: VirtualService): Generator<FieldPath> {
  for (const { rule, path } of declaredRules(virtualService)) {
    for (const [index, { sourceSubnet, gateways }] of (rule.match ?? []).entries()) {
      if (sourceSubnet === undefined || gateways?.every((name) => name === meshGateway) === true) continue;
      yield [...path, "match", index, "sourceSubnet"];
    }
  }
}
