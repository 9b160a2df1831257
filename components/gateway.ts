import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { GatewaySpec, VirtualServiceSpec } from "../routing/index.ts";
import type { RouteDestination } from "./destination-rule.ts";
import { createRoutingObject, type Inputs, type RoutingObjectArgs } from "./routing-object.ts";

/** Labels that the pods of an {@link IngressGateway} carry unless they are told otherwise: Istio's own for its ingress gateway. */
export const defaultSelector: Readonly<Record<string, string>> = { istio: "ingressgateway" };

/** A Gateway that opens ports for plain TCP. */
export interface TcpGatewayArgs extends RoutingObjectArgs {
  /** The port to open, or several by a name of your choice. */
  readonly tcp: number | Readonly<Record<string, number>>;
  /** Labels of the gateway pods that serve it; `istio: ingressgateway` by default. */
  readonly selector?: Readonly<Record<string, string>>;
}

/** A Gateway as Istio's API has it. */
export interface RawGatewayArgs extends RoutingObjectArgs {
  /** `spec` of the object, by Istio's field names. */
  readonly spec: Inputs<GatewaySpec>;
}

export type GatewayArgs = TcpGatewayArgs | RawGatewayArgs;

/** The part of a VirtualService's match that one may add to a listener: Istio's own fields. */
export type ListenerMatch = Pick<
  NonNullable<NonNullable<VirtualServiceSpec["tcp"]>[number]["match"]>[number],
  "sourceSubnet" | "destinationSubnets"
>;

/** A TCP route of a VirtualService: which connections, and where they go. Made by {@link Listener.to}. */
export interface TcpRoute {
  /** The Gateway that takes the connections. */
  readonly gateway: { readonly namespace: string; readonly name: string };
  readonly match: ListenerMatch & { readonly port: number };
  readonly route: readonly RouteDestination[];
}

/** A port that a Gateway opens. */
export interface Listener {
  /** The port that clients connect to. */
  readonly port: number;
  /**
   * A route from this port, for {@link VirtualService}.
   *
   * @param route where connections go: `rule.subset("v1")`, `rule.split({ v1: 95, v2: 5 })`, or Istio's own
   * @param match narrows the connections that it is for; all of the port's by default
   */
  to(route: RouteDestination | readonly RouteDestination[], match?: ListenerMatch): TcpRoute;
}

/** The listeners of a Gateway: one for a single port, else by the name of the port. */
export type Listeners<Args> = Args extends { readonly tcp: number }
  ? Listener
  : Args extends { readonly tcp: infer Ports }
    ? { readonly [Name in keyof Ports]: Listener }
    : Args extends { readonly spec: { readonly servers: infer Servers } }
      ? { readonly [Server in ServerOf<Servers> as Server["port"]["name"]]: Listener }
      : never;

type ServerOf<Servers> = Servers extends readonly (infer Server)[]
  ? Extract<Server, { readonly port: { readonly name: string; readonly number: number } }>
  : never;

/**
 * Istio's Gateway: opens ports on the gateway pods that it selects.
 *
 * @example
 * const gateway = new Gateway("databases", { tcp: { postgres: 5432, redis: 6379 } });
 * gateway.tcp.redis.to(rule.subset("v1"));
 */
export class Gateway<const Args extends GatewayArgs = GatewayArgs> extends pulumi.ComponentResource {
  /** Name of the object, which is the component's. */
  readonly objectName: string;
  readonly namespace: string;
  /** The ports, to be routed. With a raw spec only servers whose port is known in the program are here. */
  readonly tcp: Listeners<Args>;
  /** Numbers of all ports. */
  readonly ports: pulumi.Output<readonly number[]>;
  /** Labels of the pods that serve it; empty: all gateways. */
  readonly selector: pulumi.Output<Readonly<Record<string, string>>>;
  /** The Kubernetes object. */
  readonly customResource: k8s.apiextensions.CustomResource;

  /** @param name name of the component and of the Kubernetes object */
  constructor(name: string, args: Args, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:Gateway", name, {}, options);
    this.objectName = name;
    this.namespace = args.namespace ?? "default";
    const spec = "spec" in args ? args.spec : tcpSpec(args);
    this.tcp = listenersOf(this, args) as Listeners<Args>;
    const known = pulumi.output(spec) as pulumi.Output<GatewaySpec>;
    this.ports = known.apply(({ servers }) => servers.map(({ port }) => port.number));
    this.selector = known.apply(({ selector }) => selector ?? {});
    this.customResource = createRoutingObject(this, "Gateway", { name, namespace: this.namespace, spec }, options);
    this.registerOutputs();
  }
}

function tcpSpec({ tcp, selector = defaultSelector }: TcpGatewayArgs): GatewaySpec {
  const ports = typeof tcp === "number" ? { tcp } : tcp;
  return {
    selector,
    servers: Object.entries(ports).map(([name, number]) => ({
      port: { number, name, protocol: "TCP" },
      hosts: ["*"],
    })),
  };
}

function listenersOf(gateway: Gateway, args: GatewayArgs): Listener | Record<string, Listener> {
  const reference = { namespace: gateway.namespace, name: gateway.objectName };
  if ("spec" in args) {
    const spec = args.spec as { readonly servers?: unknown };
    const servers = Array.isArray(spec.servers)
      ? (spec.servers as { port?: { name?: unknown; number?: unknown } }[])
      : [];
    return Object.fromEntries(
      servers.flatMap(({ port }) =>
        typeof port?.name === "string" && typeof port.number === "number"
          ? [[port.name, listener(reference, port.number)]]
          : [],
      ),
    );
  }
  if (typeof args.tcp === "number") return listener(reference, args.tcp);
  return Object.fromEntries(Object.entries(args.tcp).map(([name, port]) => [name, listener(reference, port)]));
}

function listener(gateway: TcpRoute["gateway"], port: number): Listener {
  return {
    port,
    to: (route, match = {}) => ({
      gateway,
      match: { ...match, port },
      route: Array.isArray(route) ? (route as readonly RouteDestination[]) : [route as RouteDestination],
    }),
  };
}
