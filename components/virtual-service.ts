import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { VirtualServiceSpec } from "../routing/index.ts";
import type { TcpRoute, TlsRoute } from "./listeners.ts";
import { createRoutingObject, type Inputs, type RoutingObjectArgs } from "./routing-object.ts";

/** Routes from listeners of Gateways. */
export interface TcpVirtualServiceArgs extends RoutingObjectArgs {
  /** The routes, `gateway.tcp.to(rule.subset("v1"))`; the first that matches a connection takes it. The Gateways to bind to follow from them. */
  readonly tcp: readonly [TcpRoute, ...TcpRoute[]];
  /** As in {@link TlsVirtualServiceArgs}. */
  readonly tls?: readonly TlsRoute[];
}

/** Routes of TLS that Gateways pass through. */
export interface TlsVirtualServiceArgs extends RoutingObjectArgs {
  readonly tcp?: undefined;
  /** The routes, `gateway.tls.to(rule.subset("v1"), { sniHosts: ["a.example.com"] })`; the first that matches a connection takes it. */
  readonly tls: readonly [TlsRoute, ...TlsRoute[]];
}

/** A VirtualService as Istio's API has it. */
export interface RawVirtualServiceArgs extends RoutingObjectArgs {
  /** `spec` of the object, by Istio's field names. */
  readonly spec: Inputs<VirtualServiceSpec>;
}

export type VirtualServiceArgs = TcpVirtualServiceArgs | TlsVirtualServiceArgs | RawVirtualServiceArgs;

/**
 * Istio's VirtualService: sends connections from the ports of Gateways to subsets of Services.
 *
 * @example
 * new VirtualService("tcp-echo", { tcp: [gateway1.tcp.to(rule.subset("v1")), gateway2.tcp.to(rule.subset("v2"))] });
 */
export class VirtualService extends pulumi.ComponentResource {
  /** Name of the object, which is the component's. */
  readonly objectName: string;
  readonly namespace: string;
  /** The Kubernetes object. */
  readonly customResource: k8s.apiextensions.CustomResource;

  /** @param name name of the component and of the Kubernetes object */
  constructor(name: string, args: VirtualServiceArgs, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:VirtualService", name, {}, options);
    this.objectName = name;
    this.namespace = args.namespace ?? "default";
    const spec = "spec" in args ? args.spec : routeSpec(args, this.namespace);
    this.customResource = createRoutingObject(
      this,
      "VirtualService",
      { name, namespace: this.namespace, annotations: args.annotations, spec },
      options,
    );
    this.registerOutputs();
  }
}

/** TCP has no host names, and a TLS route has its own, so that `hosts` is `*`. */
function routeSpec(args: TcpVirtualServiceArgs | TlsVirtualServiceArgs, namespace: string): VirtualServiceSpec {
  const [tcp, tls] = [args.tcp ?? [], args.tls ?? []];
  const nameOf = ({ gateway }: TcpRoute | TlsRoute) =>
    gateway.namespace === namespace ? gateway.name : `${gateway.namespace}/${gateway.name}`;
  const rules = <Route extends TcpRoute | TlsRoute>(routes: readonly Route[]) =>
    routes.map((route) => ({
      match: [{ ...(route.match as Route["match"]), gateways: [nameOf(route)] }],
      route: [...route.route],
    }));
  return {
    hosts: ["*"],
    gateways: [...new Set([...tcp, ...tls].map(nameOf))],
    ...(tcp.length === 0 ? {} : { tcp: rules(tcp) }),
    ...(tls.length === 0 ? {} : { tls: rules(tls) }),
  };
}
