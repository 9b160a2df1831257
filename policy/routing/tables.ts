import { standInsForGateways } from "../../routing/assume/index.ts";
import { workloadsOf } from "../../routing/compare/workloads.ts";
import { compile } from "../../routing/compile/index.ts";
import { serviceNamespace } from "../../routing/host.ts";
import type { FieldPath, Kind, Objects, Service } from "../../routing/objects.ts";
import { findDestinationRule } from "../../routing/resolve/destination-rule.ts";
import type { Cluster, FilterChain, Listener, ObjectReference, Route } from "../../routing/table.ts";
import type { Piece, Resource } from "../kit/index.ts";
import { declaredIn, type Declared } from "./declared.ts";

/** A listener that gateway pods would open for the stack's declarations. */
export interface ServedListener {
  readonly listener: Listener;
  /** By name, those that its routes lead to. */
  readonly clusters: ReadonlyMap<string, Cluster>;
  /** The stack's Services in front of the pods; it throws where a preview can't know them. */
  services(): readonly Service[];
}

/** One server of a Gateway, and the listener that it is part of. */
export interface ServedChain extends ServedListener {
  readonly chain: FilterChain;
}

/** A rule of a route, and what its destinations are. */
export interface Split {
  readonly route: Route;
  readonly clusters: ReadonlyMap<string, Cluster>;
}

/** Every server that is served, at its declaration. */
export function chains(resources: readonly Resource[]): Piece<ServedChain>[] {
  const declared = declaredIn(resources);
  const pieces = listeners(declared).flatMap((served) =>
    served.listener.chains.flatMap(
      (chain) => declared.at(placeOfServer(declared.objects, chain), { ...served, chain }) ?? [],
    ),
  );
  return [...pieces, ...declared.undecided];
}

/** Every cluster that a route leads to, at the DestinationRule for its host; at the route where there is none. */
export function clusters(resources: readonly Resource[]): Piece<Cluster>[] {
  const declared = declaredIn(resources);
  const found = new Map<string, Piece<Cluster>>();
  for (const { route, clusters: all } of splits(declared)) {
    for (const { cluster: name } of route.destinations) {
      const cluster = all.get(name);
      // The refused share of a route is nobody's.
      if (cluster === undefined || cluster.source.kind === "Nobody" || found.has(name)) continue;
      const piece = declared.at(placeOfCluster(declared.objects, route, cluster), cluster);
      if (piece !== undefined) found.set(name, piece);
    }
  }
  return [...found.values(), ...declared.undecided];
}

/** Every rule of a route, once, at its declaration. */
export function rules(resources: readonly Resource[]): Piece<Split>[] {
  const declared = declaredIn(resources);
  const found = new Map<string, Piece<Split>>();
  for (const split of splits(declared)) {
    const { virtualService, rule } = split.route;
    const [, protocol = "", index = ""] = /^(\w+)\[(\d+)\]/.exec(rule) ?? [];
    const place = placeOf(declared.objects, virtualService, ["spec", protocol, Number(index)]);
    const piece = declared.at(place, split);
    if (place !== undefined && piece !== undefined) found.set(place, piece);
  }
  return [...found.values(), ...declared.undecided];
}

function* splits(declared: Declared): Generator<Split> {
  for (const { listener, clusters } of listeners(declared)) {
    for (const { routes } of listener.chains) for (const route of routes) yield { route, clusters };
  }
}

/** What each of the gateway's workloads would open. */
function listeners(declared: Declared): ServedListener[] {
  const { objects: known } = declared;
  // What leads to others' Gateways is served by them, and judged where it is declared.
  const others = standInsForGateways(known).map((after) => ({ before: undefined, after }));
  const objects = known.with(others);
  return workloadsOf(objects).flatMap((workload) => {
    const { listeners, clusters } = compile(objects, workload).table;
    return listeners.map((listener) => ({ listener, clusters, services: () => declared.servicesOf(workload) }));
  });
}

function placeOf(objects: Objects, { kind, namespace, name }: ObjectReference, path: FieldPath): string | undefined {
  return objects.get(kind as Kind, namespace, name)?.origin.reference(path);
}

function placeOfServer(objects: Objects, { gateway, server }: FilterChain): string | undefined {
  const { namespace, name } = gateway;
  const isIt = ({ name: called }: { readonly name: string }) => called === server;
  if (gateway.kind !== "Gateway") {
    const listeners = objects.get("KubernetesGateway", namespace, name)?.spec.listeners ?? [];
    return placeOf(objects, gateway, ["spec", "listeners", listeners.findIndex(isIt)]);
  }
  const servers = objects.get("Gateway", namespace, name)?.spec.servers ?? [];
  return placeOf(objects, gateway, ["spec", "servers", servers.findIndex(({ port }) => isIt(port))]);
}

/** The DestinationRule that holds for a cluster; the route that leads to it where there is none of the stack's. */
function placeOfCluster(objects: Objects, { virtualService }: Route, { host }: Cluster): string | undefined {
  const { namespace } = virtualService;
  const rule = findDestinationRule(objects, { host, namespace, ownerNamespace: serviceNamespace(host) });
  return rule?.rules[0].origin.reference([]) ?? placeOf(objects, virtualService, []);
}
