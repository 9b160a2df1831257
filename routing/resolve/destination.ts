/** What a VirtualService's destination names: the host, its port, its subset and the DestinationRule that holds for it. */
import { coveringPatterns, qualifyHost, serviceNamespace } from "../host.ts";
import type { View } from "../incremental/view.ts";
import type { DestinationRuleSpec, Service, ServiceEntry, VirtualService } from "../objects.ts";
import { isExported } from "../visibility.ts";
import type { Workload } from "../workload.ts";
import {
  findDestinationRule,
  findSubsetElsewhere,
  type EffectiveRule,
  type RuleElsewhere,
  type RuleQuery,
} from "./destination-rule.ts";
import { serviceEntriesByHost, servicesByHost } from "./object-index.ts";

export type Destination = NonNullable<VirtualService["spec"]["tcp"]>[number]["route"][number]["destination"];

export type Subset = NonNullable<DestinationRuleSpec["subsets"]>[number];

/** What has the host. */
export type HostOwner =
  | { readonly kind: "Service"; readonly service: Service }
  | { readonly kind: "ServiceEntry"; readonly entry: ServiceEntry };

export interface ResolvedDestination {
  readonly host: string;
  readonly owner: HostOwner;
  readonly port: number;
  /** Of the Service's or ServiceEntry's port; empty where it has none. */
  readonly portName: string;
  readonly rule: EffectiveRule | undefined;
  readonly subset: Subset | undefined;
}

/** Why a destination leads nowhere. */
export type DestinationProblem =
  | { readonly kind: "HostNotFound" }
  /** `protocol`: of a port of that number that is not TCP. */
  | { readonly kind: "PortNotFound"; readonly port: number; readonly protocol: string | undefined }
  /** Without any: there is no TCP port at all. */
  | { readonly kind: "PortRequired"; readonly ports: readonly number[] }
  /** `elsewhere`: a rule declares it that does not hold here. */
  | { readonly kind: "SubsetNotFound"; readonly subset: string; readonly elsewhere: RuleElsewhere | undefined };

/** Resolves a destination that a VirtualService of the namespace names, as seen by a workload (by anyone where none is given). */
export function resolveDestination(
  view: View,
  destination: Destination,
  namespace: string,
  workload?: Workload,
): ResolvedDestination | DestinationProblem {
  const target = resolveHostPort(view, destination, namespace);
  if ("kind" in target) return target;
  const policy = resolveSubset(view, destination, namespace, workload);
  return "kind" in policy ? policy : { ...target, ...policy };
}

/** The host and port of a destination. */
export function resolveHostPort(
  view: View,
  destination: Destination,
  namespace: string,
): Pick<ResolvedDestination, "host" | "owner" | "port" | "portName"> | DestinationProblem {
  const host = qualifyHost(destination.host, namespace);
  const owner = findHost(view, host, namespace);
  if (owner === undefined) return { kind: "HostNotFound" };
  const port = choosePort(owner, destination.port?.number);
  return "kind" in port ? port : { host, owner, port: port.number, portName: port.name };
}

/** The DestinationRule that holds for a destination, and the subset that it names. */
export function resolveSubset(
  view: View,
  destination: Destination,
  namespace: string,
  workload?: Workload,
): Pick<ResolvedDestination, "rule" | "subset"> | DestinationProblem {
  const host = qualifyHost(destination.host, namespace);
  const owner = findHost(view, host, namespace);
  const ownerNamespace = owner === undefined ? serviceNamespace(host) : namespaceOf(owner);
  const query: RuleQuery = { host, namespace, ownerNamespace, workload };
  const rule = findDestinationRule(view, query);
  if (destination.subset === undefined) return { rule, subset: undefined };
  const subset = rule?.subsets.get(destination.subset);
  if (subset !== undefined) return { rule, subset };
  const elsewhere = findSubsetElsewhere(view, query, destination.subset);
  return { kind: "SubsetNotFound", subset: destination.subset, elsewhere };
}

/** The Service or ServiceEntry that has a fully qualified host, as seen from a namespace. */
export function findHost(view: View, host: string, namespace: string): HostOwner | undefined {
  const [service] = view.find(servicesByHost, host);
  if (service !== undefined) return { kind: "Service", service };
  for (const pattern of coveringPatterns(host)) {
    const entry = view
      .find(serviceEntriesByHost, pattern)
      .find(({ metadata, spec }) => isExported(spec.exportTo, metadata.namespace, namespace));
    if (entry !== undefined) return { kind: "ServiceEntry", entry };
  }
  return undefined;
}

/** A port that connections may go to. */
export interface HostPort {
  readonly number: number;
  readonly name: string;
}

/** The TCP ports that a host has. */
export function portsOf(owner: HostOwner): HostPort[] {
  if (owner.kind === "ServiceEntry")
    return (owner.entry.spec.ports ?? []).map(({ number, name }) => ({ number, name }));
  return (owner.service.spec.ports ?? [])
    .filter(({ protocol }) => protocol === undefined || protocol === "TCP")
    .map(({ port, name }) => ({ number: port, name: name ?? "" }));
}

function choosePort(owner: HostOwner, wanted: number | undefined): HostPort | DestinationProblem {
  const ports = portsOf(owner);
  // A Service of type ExternalName needs no ports: whatever is asked for goes through.
  if (ports.length === 0 && isExternalName(owner) && wanted !== undefined) return { number: wanted, name: "" };
  if (wanted !== undefined) {
    const protocol = otherProtocol(owner, wanted);
    return ports.find(({ number }) => number === wanted) ?? { kind: "PortNotFound", port: wanted, protocol };
  }
  const [only, ...others] = ports;
  if (only === undefined || others.length > 0) {
    return { kind: "PortRequired", ports: ports.map(({ number }) => number) };
  }
  return only;
}

/** The protocol of a Service's port that is not TCP. */
function otherProtocol(owner: HostOwner, wanted: number): string | undefined {
  if (owner.kind !== "Service") return undefined;
  return owner.service.spec.ports?.find(({ port, protocol }) => port === wanted && protocol !== "TCP")?.protocol;
}

function isExternalName(owner: HostOwner): boolean {
  return owner.kind === "Service" && owner.service.spec.type === "ExternalName";
}

/** The namespace of what has a host. */
export function namespaceOf(owner: HostOwner): string {
  return (owner.kind === "Service" ? owner.service : owner.entry).metadata.namespace;
}
