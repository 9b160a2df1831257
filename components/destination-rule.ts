import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DestinationRuleSpec } from "../routing/index.ts";
import { destination, splitDestinations, type RouteDestination, type Target } from "./destinations.ts";
import { createRoutingObject, type Inputs, type RoutingObjectArgs } from "./routing-object.ts";

/** A Kubernetes Service, by what the program knows of it. */
export interface ServiceReference {
  readonly name: string;
  readonly namespace: string;
  /** The port that connections go to. */
  readonly port: number;
}

interface SubsetArgs<Subset extends string> extends RoutingObjectArgs {
  /** Labels that choose a subset's pods among the Service's, by the subset's name. */
  readonly subsets?: Readonly<Record<Subset, Readonly<Record<string, string>>>>;
  /** Istio's traffic policy: connection pool, load balancing. */
  readonly trafficPolicy?: Inputs<NonNullable<DestinationRuleSpec["trafficPolicy"]>>;
}

/** Subsets of a Service that the program knows; the rule is in its namespace by default. */
export interface ServiceRuleArgs<Subset extends string> extends SubsetArgs<Subset> {
  readonly service: ServiceReference;
}

/** Subsets of whatever has a host. */
export interface HostRuleArgs<Subset extends string> extends SubsetArgs<Subset> {
  /** A Service's name, short or fully qualified, or a ServiceEntry's host. */
  readonly host: string;
  /** The port that connections go to; may be left out where the Service has only one. */
  readonly port?: number;
}

/** A DestinationRule as Istio's API has it. */
export interface RawRuleArgs<Subset extends string> extends RoutingObjectArgs {
  /** `spec` of the object, by Istio's field names; the host and the subsets' names have to be plain. */
  readonly spec: Inputs<Omit<DestinationRuleSpec, "host" | "subsets">> & {
    readonly host: string;
    readonly subsets?: readonly (Inputs<Omit<NonNullable<DestinationRuleSpec["subsets"]>[number], "name">> & {
      readonly name: Subset;
    })[];
  };
}

export type DestinationRuleArgs<Subset extends string> =
  ServiceRuleArgs<Subset> | HostRuleArgs<Subset> | RawRuleArgs<Subset>;

/**
 * Istio's DestinationRule: names the subsets of a Service, and says how to connect to them.
 *
 * @example
 * const rule = new DestinationRule("tcp-echo", { service: echo.service, subsets: { v1: { version: "v1" }, v2: { version: "v2" } } });
 * rule.split({ v1: 95, v2: 5 });
 */
export class DestinationRule<const Subset extends string = never> extends pulumi.ComponentResource {
  /** Name of the object, which is the component's. */
  readonly objectName: string;
  readonly namespace: string;
  /** The host that the rule is for. */
  readonly host: string;
  /** The Kubernetes object. */
  readonly customResource: k8s.apiextensions.CustomResource;
  readonly #target: Target;

  /** @param name name of the component and of the Kubernetes object */
  constructor(name: string, args: DestinationRuleArgs<Subset>, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:DestinationRule", name, {}, options);
    this.objectName = name;
    this.namespace = args.namespace ?? ("service" in args ? args.service.namespace : "default");
    this.#target = targetOf(args);
    this.host = this.#target.host;
    const spec = "spec" in args ? args.spec : subsetSpec(this.host, args);
    this.customResource = createRoutingObject(
      this,
      "DestinationRule",
      { name, namespace: this.namespace, host: this.host, annotations: args.annotations, spec },
      options,
    );
    this.registerOutputs();
  }

  /** All endpoints of the host, whatever their subset. */
  all(): RouteDestination {
    return destination(this.#target);
  }

  /** The endpoints of one subset. */
  subset(name: Subset): RouteDestination {
    return destination(this.#target, name);
  }

  /**
   * Several subsets, each with its share of the connections.
   *
   * @param weights relative whole numbers by subset; 0 means never
   * @throws {RangeError} when a weight is no whole number, or all are 0
   */
  split(weights: Readonly<Partial<Record<Subset, number>>>): RouteDestination[] {
    return splitDestinations(this.#target, weights);
  }
}

function targetOf(args: DestinationRuleArgs<string>): Target {
  if ("spec" in args) return { host: args.spec.host };
  if ("host" in args) return { host: args.host, port: args.port };
  const { name, namespace, port } = args.service;
  return { host: `${name}.${namespace}.svc.cluster.local`, port };
}

function subsetSpec(host: string, { subsets, trafficPolicy }: SubsetArgs<string>): object {
  return {
    host,
    ...(trafficPolicy === undefined ? {} : { trafficPolicy }),
    ...(subsets === undefined ? {} : { subsets: Object.entries(subsets).map(([name, labels]) => ({ name, labels })) }),
  };
}
