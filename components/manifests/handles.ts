/** What a program does with the objects of manifests: as with those that it declares itself, but that names are checked when it runs. */
import type { DestinationRuleSpec, GatewaySpec } from "../../routing/index.ts";
import { qualifyHost } from "../../routing/host.ts";
import { destination, splitDestinations, type RouteDestination } from "../destinations.ts";
import { listenerOf, passesThrough, type Listener, type TlsListener } from "../listeners.ts";
import type { ManifestObject } from "./read.ts";

/** An object of a manifest. */
export interface ManifestHandle {
  readonly objectName: string;
  readonly namespace: string;
}

/** A Gateway of a manifest, for {@link IngressGateway} and for routes. */
export interface ManifestGateway extends ManifestHandle {
  /** Numbers of all ports. */
  readonly ports: readonly number[];
  /**
   * The listener for plain TCP, or TLS that ends there, of that port's number or name.
   *
   * @throws {RangeError} when there is none
   */
  tcp(port: number | string): Listener;
  /**
   * The listener for TLS that is passed through, of that port's number or name.
   *
   * @throws {RangeError} when there is none
   */
  tls(port: number | string): TlsListener;
}

/** A DestinationRule of a manifest. */
export interface ManifestDestinationRule extends ManifestHandle {
  /** As the manifest has it. */
  readonly host: string;
  /** All endpoints of the host. */
  all(port?: number): RouteDestination;
  /**
   * The endpoints of one subset.
   *
   * @param port of the host; may be left out where it has only one
   * @throws {RangeError} when there is none of that name
   */
  subset(name: string, port?: number): RouteDestination;
  /**
   * Several subsets, each with its share of the connections.
   *
   * @throws {RangeError} when there is none of a name, a weight is no whole number, or all are 0
   */
  split(weights: Readonly<Record<string, number>>, port?: number): RouteDestination[];
}

/** Speaks of the ports of a Gateway's spec that has been found to be right. */
export function gatewayHandle({ name, namespace }: ManifestObject, spec: GatewaySpec): ManifestGateway {
  const find = (wanted: number | string, passthrough: boolean) => {
    const servers = spec.servers.filter(({ tls }) => passesThrough(tls) === passthrough);
    const server = servers.find(({ port }) => port.number === wanted || port.name === wanted);
    if (server !== undefined) {
      return listenerOf({ namespace, name }, { port: server.port.number, hosts: server.hosts, passthrough });
    }
    const kind = passthrough ? "passes TLS through" : "opens for TCP";
    const known = servers.map(({ port }) => `${port.number} (${port.name})`).join(", ");
    throw new RangeError(`Cannot find port ${wanted} of Gateway ${name}, which ${kind} ${known || "none"}`);
  };
  return {
    objectName: name,
    namespace,
    ports: [...new Set(spec.servers.map(({ port }) => port.number))],
    tcp: (port) => find(port, false) as Listener,
    tls: (port) => find(port, true) as TlsListener,
  };
}

/** Speaks of the subsets of a DestinationRule's spec that has been found to be right. */
export function destinationRuleHandle(
  { name, namespace }: ManifestObject,
  { host, subsets = [] }: DestinationRuleSpec,
): ManifestDestinationRule {
  const known = (wanted: string) => {
    if (subsets.some((subset) => subset.name === wanted)) return wanted;
    const names = subsets.map((subset) => subset.name).join(", ");
    throw new RangeError(`Cannot find subset ${wanted} of DestinationRule ${name}, which has ${names || "none"}`);
  };
  // A route may be in another namespace than the rule.
  const target = (port: number | undefined) => ({ host: qualifyHost(host, namespace), port });
  return {
    objectName: name,
    namespace,
    host,
    all: (port) => destination(target(port)),
    subset: (subset, port) => destination(target(port), known(subset)),
    split: (weights, port) => {
      Object.keys(weights).forEach(known);
      return splitDestinations(target(port), weights);
    },
  };
}
