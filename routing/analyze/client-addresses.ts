import { messageOf } from "../catalogue.ts";
import { effectivePolicy } from "../compile/policy.ts";
import { meshGateway } from "../host.ts";
import type { View } from "../incremental/view.ts";
import type { FieldPath, VirtualService } from "../objects.ts";
import { about, displayName, resourceName } from "../resolve/about.ts";
import { resolveDestination } from "../resolve/destination.ts";
import type { Analyzer } from "./analyzer.ts";
import { hidingServices } from "./gateway-addresses.ts";
import { declaredDestinations, declaredRules } from "./rules.ts";

/** TCP0015: something goes by the client's address where the gateway's Service hides it: a match, or the balancing of a destination. */
export const clientAddresses: Analyzer<"VirtualService"> = {
  subject: "whether clients' addresses are preserved",
  kind: "VirtualService",
  concerns: (virtualService, view) => uses(virtualService, view).next().done !== true,
  needs: [["Pod", "Deployment"], ["Service"]],
  *check(virtualService, view) {
    const services = hidingServices(virtualService, view);
    if (services.length === 0) return;
    const names = services.map((service) => displayName(service)).join(", ");
    for (const { path, what } of uses(virtualService, view)) {
      yield messageOf(
        "TCP0015",
        about(virtualService, path),
        `${what} may see a node's address instead of the client's as Service ${names} has externalTrafficPolicy Cluster. Set it to Local, or have the load balancer speak the PROXY protocol`,
      );
    }
  },
};

interface Use {
  readonly path: FieldPath;
  readonly what: string;
}

function* uses(virtualService: VirtualService, view: View): Generator<Use> {
  for (const { rule, path } of declaredRules(virtualService)) {
    for (const [index, { sourceSubnet, gateways }] of (rule.match ?? []).entries()) {
      if (sourceSubnet === undefined || gateways?.every((name) => name === meshGateway) === true) continue;
      yield { path: [...path, "match", index, "sourceSubnet"], what: "sourceSubnet" };
    }
  }
  for (const { destination, path } of declaredDestinations(virtualService)) {
    const resolved = resolveDestination(view, destination, virtualService.metadata.namespace);
    if ("kind" in resolved || resolved.rule === undefined) continue;
    const { rule, subset, host, port } = resolved;
    const { loadBalancer } = effectivePolicy({
      top: rule.trafficPolicy,
      subset: subset?.trafficPolicy,
      annotations: rule.annotations,
      host,
      port,
    });
    if (loadBalancer !== "RING_HASH" && loadBalancer !== "MAGLEV") continue;
    const what = `consistentHash.useSourceIp of ${resourceName(rule.rules[0])}`;
    yield { path: [...path, "destination", "host"], what };
  }
}
