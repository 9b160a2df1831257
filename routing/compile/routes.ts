/** Makes routes of the rules that bind to a server, and leaves out what leads nowhere. */
import { messageOf } from "../catalogue.ts";
import { normalizeHost } from "../host.ts";
import type { View } from "../incremental/view.ts";
import type { Message } from "../message.ts";
import type { FieldPath } from "../objects.ts";
import { about, referenceTo } from "../resolve/about.ts";
import { resolveDestination } from "../resolve/destination.ts";
import { destinationMessage } from "../resolve/problem.ts";
import { isRefused, keepsShare } from "../resolve/refused.ts";
import type { Cluster, Route, WeightedCluster } from "../table.ts";
import type { Workload } from "../workload.ts";
import type { BoundRule } from "./bindings.ts";
import { clusterName, createCluster, refusedCluster } from "./clusters.ts";
import { effectiveWeights, zeroWeightsMessage } from "./weights.ts";

/** Collects what the routes of a chain share. */
export interface RouteContext {
  readonly view: View;
  readonly workload: Workload;
  readonly clusters: Map<string, Cluster>;
  readonly messages: Message[];
}

/** The route of a bound rule; undefined where no destination is left. */
export function createRoute(context: RouteContext, bound: BoundRule): Route | undefined {
  const { virtualService, protocol, ruleIndex, match } = bound;
  const path: FieldPath = ["spec", protocol, ruleIndex, "route"];
  const [first, ...others] = weightedClusters(context, bound, path);
  if (first === undefined) return undefined;
  return {
    virtualService: referenceTo(virtualService),
    rule: placeOf(bound),
    match: {
      sourceSubnets: match.sourceSubnet === undefined ? [] : [match.sourceSubnet],
      destinationSubnets: match.destinationSubnets ?? [],
      sniHosts: serverNames(match),
    },
    destinations: [first, ...others],
  };
}

/** Where the rule is declared. A rule of the Gateway API has no matches of its own. */
function placeOf({ virtualService, protocol, ruleIndex, matchIndex }: BoundRule): string {
  if (virtualService.origin.source !== undefined) return `rules[${ruleIndex}]`;
  return matchIndex === undefined ? `${protocol}[${ruleIndex}]` : `${protocol}[${ruleIndex}].match[${matchIndex}]`;
}

/** The server names that a match is for; empty: any, or none sent, which is what Istio takes `*` for. */
export function serverNames({ sniHosts = [] }: BoundRule["match"]): readonly string[] {
  return sniHosts.includes("*") ? [] : sniHosts.map(normalizeHost);
}

function weightedClusters(context: RouteContext, bound: BoundRule, path: FieldPath): WeightedCluster[] {
  const { virtualService, protocol, ruleIndex, rule } = bound;
  const weighted = effectiveWeights(rule.route);
  if (weighted.every((weight) => weight === 0)) {
    context.messages.push(zeroWeightsMessage({ virtualService, protocol, index: ruleIndex }));
    return [];
  }
  return rule.route.flatMap((route, index) => {
    const weight = weighted[index] ?? 0;
    const cluster = clusterOf(context, bound, route.destination, [...path, index]);
    if (cluster === undefined || weight === 0) return [];
    context.clusters.set(cluster.name, cluster);
    return [{ cluster: cluster.name, weight }];
  });
}

function clusterOf(
  context: RouteContext,
  { virtualService }: BoundRule,
  destination: BoundRule["rule"]["route"][number]["destination"],
  path: FieldPath,
): Cluster | undefined {
  const { view, workload, clusters } = context;
  if (isRefused(virtualService, destination.host)) return refusedCluster(destination);
  const unreachable = keepsShare(virtualService) ? refusedCluster(destination) : undefined;
  const resolved = resolveDestination(view, destination, virtualService.metadata.namespace, workload);
  if ("kind" in resolved) {
    context.messages.push(destinationMessage(virtualService, path, destination, resolved));
    return unreachable;
  }
  const name = clusterName(resolved);
  const cluster = clusters.get(name) ?? createCluster(name, resolved);
  if ("unserved" in cluster) {
    const text = `Cannot route to ${resolved.host} as ${cluster.unserved}`;
    context.messages.push(messageOf("TCP0008", about(virtualService, [...path, "destination"]), text));
    return unreachable;
  }
  return cluster;
}
