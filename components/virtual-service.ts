import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { VirtualServiceSpec } from "../routing/index.ts";
import type { TcpRoute } from "./gateway.ts";
import { createRoutingObject, type Inputs, type RoutingObjectArgs } from "./routing-object.ts";

/** Routes from listeners of Gateways. */
export interface TcpVirtualServiceArgs extends RoutingObjectArgs {
  /** The routes, `gateway.tcp.to(rule.subset("v1"))`; the first that matches a connection takes it. The Gateways to bind to follow from them. */
  readonly tcp: readonly [TcpRoute, ...TcpRoute[]];
}

/** A VirtualService as Istio's API has it. */
export interface RawVirtualServiceArgs extends RoutingObjectArgs {
  /** `spec` of the object, by Istio's field names. */
  readonly spec: Inputs<VirtualServiceSpec>;
}

export type VirtualServiceArgs = TcpVirtualServiceArgs | RawVirtualServiceArgs;

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
    const spec = "spec" in args ? args.spec : tcpSpec(args.tcp, this.namespace);
    this.customResource = createRoutingObject(
      this,
      "VirtualService",
      { name, namespace: this.namespace, spec },
      options,
    );
    this.registerOutputs();
  }
}

/** TCP has no host names, so `hosts` is `*`. */
function tcpSpec(routes: readonly TcpRoute[], namespace: string): VirtualServiceSpec {
  const nameOf = ({ gateway }: TcpRoute) =>
    gateway.namespace === namespace ? gateway.name : `${gateway.namespace}/${gateway.name}`;
  return {
    hosts: ["*"],
    gateways: [...new Set(routes.map(nameOf))],
    tcp: routes.map((route) => ({
      match: [{ ...route.match, gateways: [nameOf(route)] }],
      route: [...route.route],
    })),
  };
}
