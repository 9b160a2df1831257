import type * as pulumi from "@pulumi/pulumi";
import { DestinationRule, Gateway, VirtualService, type RouteDestination, type TcpRoute } from "../components/index.ts";
import { annotationPrefix } from "../routing/annotations/definitions.ts";
import type { ListenerConfig, StackConfig } from "./config.ts";

export interface RoutesArgs extends Pick<StackConfig, "destinations" | "listeners" | "namespace"> {
  /** Labels of the gateway pods. */
  readonly selector: Readonly<Record<string, string>>;
}

/**
 * Declares what the config names: the Gateways, and for each destination a DestinationRule and the VirtualService with its routes.
 *
 * @returns the Gateways, whose ports the load balancer needs
 */
export function createRoutes(
  { destinations, listeners, namespace, selector }: RoutesArgs,
  options: pulumi.ComponentResourceOptions,
): Gateway[] {
  const gateways = new Map<string, Gateway<{ tcp: Record<string, number> }>>();
  for (const [name, members] of Map.groupBy(listeners, gatewayName)) {
    const tcp = Object.fromEntries(members.map(({ port }) => [serverName(port), port]));
    gateways.set(name, new Gateway(name, { namespace, selector, tcp, annotations: limits(members) }, options));
  }
  for (const [name, { host, ...destination }] of Object.entries(destinations)) {
    const rule = new DestinationRule(name, { ...destination, namespace, host: qualify(host, namespace) }, options);
    const [first, ...others] = listeners
      .filter(({ to }) => to === name)
      .flatMap((listener): TcpRoute[] => {
        const from = gateways.get(gatewayName(listener))?.tcp[serverName(listener.port)];
        return from === undefined ? [] : [from.to(routeOf(rule, listener))];
      });
    if (first !== undefined) new VirtualService(name, { namespace, tcp: [first, ...others] }, options);
  }
  return [...gateways.values()];
}

/** What listeners that share a Gateway have in common. */
function limits([first]: readonly ListenerConfig[]): Record<string, string> | undefined {
  if (first?.maxConnections === undefined) return undefined;
  return { [`${annotationPrefix}max-connections`]: String(first.maxConnections) };
}

/** Name of the Gateway of a listener. */
export function gatewayName({ gateway, to, port }: ListenerConfig): string {
  return gateway ?? `${to}-${port}`;
}

function serverName(port: number): string {
  return `tcp-${port}`;
}

function routeOf(rule: DestinationRule<string>, { subset, weights }: ListenerConfig): readonly RouteDestination[] {
  if (weights !== undefined) return rule.split(weights);
  return [subset === undefined ? rule.all() : rule.subset(subset)];
}

/** `service` and `service.namespace` as people write them; Istio takes any name with a dot for a fully qualified one. */
function qualify(host: string, namespace: string): string {
  const [service, inNamespace = namespace, ...more] = host.split(".");
  return more.length > 0 ? host : `${service}.${inNamespace}.svc.cluster.local`;
}
