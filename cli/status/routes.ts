import { nameOf } from "../../app/gateway/describe.ts";
import { resolveEndpoints, type Objects, type Route, type RouteMatch, type RouteTable } from "../../routing/index.ts";
import type { DestinationStatus, ListenerStatus } from "./model.ts";

/** What a route table sends where, with how many endpoints are ready there. */
export function listenersOf(table: RouteTable, objects: Objects): ListenerStatus[] {
  const endpoints = resolveEndpoints(table, objects);
  const destinations = (route: Route): DestinationStatus[] =>
    route.destinations.flatMap(({ cluster: name, weight }) => {
      const cluster = table.clusters.get(name);
      if (cluster === undefined) return [];
      const { host, port, subset = null, source } = cluster;
      const ready = endpoints.get(name)?.filter(({ terminating }) => !terminating).length ?? 0;
      return { host, port, subset, weight, endpoints: source.kind === "Dns" ? null : ready };
    });
  return table.listeners.map(({ port, chains }) => ({
    port,
    routes: chains.flatMap(({ gateway, server, routes }) =>
      routes.map((route) => ({
        gateway: nameOf(gateway),
        server,
        virtualService: nameOf(route.virtualService),
        rule: route.rule,
        match: describeMatch(route.match),
        destinations: destinations(route),
      })),
    ),
  }));
}

/** What a connection has to fit, in words of the VirtualService. */
export function describeMatch({ sourceSubnets, destinationSubnets, sniHosts }: RouteMatch): string {
  const parts: (readonly [string, readonly string[]])[] = [
    ["from", sourceSubnets],
    ["to", destinationSubnets],
    ["sni", sniHosts],
  ];
  return parts.flatMap(([word, values]) => (values.length === 0 ? [] : `${word} ${values.join(" or ")}`)).join(", ");
}
