import { gatewayRefusal, mayOpen, mayRoute, routeRefusal } from "../compile/admission.ts";
import { boundRules, isVisible, sharesHost } from "../compile/bindings.ts";
import { bindServer } from "../compile/servers.ts";
import type { View } from "../incremental/view.ts";
import type { Message } from "../message.ts";
import type { AnyObject, Gateway, VirtualService } from "../objects.ts";
import { gatewayKeys } from "../resolve/gateway-names.ts";
import { selects } from "../selector.ts";
import type { Workload } from "../workload.ts";

/** TCP0040: what the claims of the gateway workloads that are known refuse. A running gateway says the same of its own claims as it compiles. */
export function* claimMessages(object: AnyObject, view: View, workloads: readonly Workload[]): Generator<Message> {
  for (const workload of workloads) {
    if (workload.claims === undefined || workload.claims.length === 0) continue;
    if (object.kind === "Gateway") yield* gatewayMessages(object, view, workload);
    if (object.kind === "VirtualService") yield* routeMessages(object, view, workload);
  }
}

function* gatewayMessages(gateway: Gateway, view: View, workload: Workload): Generator<Message> {
  for (const bound of serversOf(gateway, workload)) {
    if (!mayOpen(view, workload, bound)) yield gatewayRefusal(workload, bound);
  }
}

function* routeMessages(virtualService: VirtualService, view: View, workload: Workload): Generator<Message> {
  for (const key of gatewayKeys(virtualService)) {
    const [namespace = "", name = ""] = key.split("/");
    const gateway = view.get("Gateway", namespace, name);
    for (const bound of gateway === undefined ? [] : serversOf(gateway, workload)) {
      const binds =
        isVisible(virtualService, bound, workload) &&
        sharesHost(virtualService, bound) &&
        boundRules(virtualService, bound).next().done !== true;
      if (!binds || !mayOpen(view, workload, bound)) continue;
      if (!mayRoute(view, workload, virtualService, bound)) yield routeRefusal(workload, virtualService, bound);
    }
  }
}

function serversOf(gateway: Gateway, workload: Workload) {
  if (workload.every !== true && !selects(gateway.spec.selector, workload.labels)) return [];
  return gateway.spec.servers.map((server, index) => bindServer(gateway, index, server, undefined));
}
