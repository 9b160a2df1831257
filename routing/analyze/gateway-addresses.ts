/** What the gateways' pods can know of the addresses that a connection was made from and to. */
import { gatewayAnnotations, readAnnotation } from "../annotations/definitions.ts";
import type { View } from "../incremental/view.ts";
import type { Gateway, Service, VirtualService } from "../objects.ts";
import { gatewayKeys } from "../resolve/gateway-names.ts";
import { served } from "../schema/served.ts";
import { servicesOfGateway } from "./gateway-services.ts";
import { podsOfGateway } from "./pod-templates.ts";

/** The Services of a VirtualService's Gateways that do not tell who the client is. */
export function hidingServices(virtualService: VirtualService, view: View): readonly Service[] {
  const services = new Set(blindGateways(virtualService, view).flatMap((gateway) => servicesOfGateway(view, gateway)));
  return [...services].filter(
    ({ spec }) => (spec.type === "LoadBalancer" || spec.type === "NodePort") && spec.externalTrafficPolicy !== "Local",
  );
}

/** A VirtualService's Gateways whose pods only ever see their own address as the one that the client connected to; those on the host's network see the node's. */
export function podAddressedGateways(virtualService: VirtualService, view: View): readonly Gateway[] {
  return blindGateways(virtualService, view).filter((gateway) => {
    const pods = podsOfGateway(view, gateway);
    return pods.length > 0 && pods.every(({ owner }) => !isOnHostNetwork(owner));
  });
}

/** Those that take no PROXY protocol, which would tell both addresses. */
function blindGateways(virtualService: VirtualService, view: View): Gateway[] {
  return [...new Set(gatewayKeys(virtualService))].flatMap((key) => {
    const slash = key.indexOf("/");
    const gateway = view.get("Gateway", key.slice(0, slash), key.slice(slash + 1));
    return gateway === undefined || takesProxyProtocol(gateway) ? [] : gateway;
  });
}

function takesProxyProtocol({ metadata }: Gateway): boolean {
  return (
    served.acceptedProxyProtocol && readAnnotation(gatewayAnnotations.proxyProtocol, metadata.annotations) !== undefined
  );
}

function isOnHostNetwork(owner: ReturnType<typeof podsOfGateway>[number]["owner"]): boolean {
  return (owner.kind === "Pod" ? owner.spec : owner.spec.template.spec)?.hostNetwork === true;
}
