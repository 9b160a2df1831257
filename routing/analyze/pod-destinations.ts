import { messageOf } from "../catalogue.ts";
import { meshGateway } from "../host.ts";
import { about, displayName } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";
import { podAddressedGateways } from "./gateway-addresses.ts";
import { declaredRules } from "./rules.ts";

/** TCP0021: a match looks at the address that the client connected to where that can only be a pod's. */
export const podDestinations: Analyzer<"VirtualService"> = {
  subject: "whether destination addresses are known",
  kind: "VirtualService",
  concerns: ({ spec }) =>
    [...(spec.tcp ?? []), ...(spec.tls ?? [])].some(({ match }) =>
      match?.some(({ destinationSubnets }) => destinationSubnets !== undefined),
    ),
  needs: [["Pod", "Deployment"]],
  *check(virtualService, view) {
    for (const { rule, path } of declaredRules(virtualService)) {
      for (const [index, { destinationSubnets = [], gateways }] of (rule.match ?? []).entries()) {
        if (destinationSubnets.length === 0 || gateways?.every((name) => name === meshGateway) === true) continue;
        const [gateway] = podAddressedGateways(virtualService, view);
        if (gateway === undefined) return;
        yield messageOf(
          "TCP0021",
          about(virtualService, [...path, "match", index, "destinationSubnets"]),
          `destinationSubnets can only see the address of a pod of Gateway ${displayName(gateway)}, not the one that the client connected to. Match a port instead, or have the load balancer speak the PROXY protocol`,
        );
      }
    }
  },
};
