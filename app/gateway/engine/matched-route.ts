import type { Cluster, Route } from "../../../routing/table.ts";
import type { MatchedRoute } from "./record.ts";

const known = new WeakMap<Route, Map<string | undefined, MatchedRoute>>();

/**
 * What a record says of a route; the same object each time.
 *
 * @param drawn - the cluster that was drawn among its destinations
 */
export function matchedRoute(route: Route, drawn: Cluster | undefined): MatchedRoute {
  let byCluster = known.get(route);
  if (byCluster === undefined) known.set(route, (byCluster = new Map()));
  let matched = byCluster.get(drawn?.name);
  if (matched === undefined) byCluster.set(drawn?.name, (matched = describe(route, drawn?.name)));
  return matched;
}

function describe({ virtualService, rule, destinations }: Route, drawn: string | undefined): MatchedRoute {
  let totalWeight = 0;
  let weight: number | undefined;
  for (const destination of destinations) {
    totalWeight += destination.weight;
    if (destination.cluster === drawn) weight = (weight ?? 0) + destination.weight;
  }
  return { virtualService, rule, weight, totalWeight };
}
