/** What the servers of a Gateway route, and which of it no connection ever reaches. */
import { rulesInOrder, boundVirtualServices, type BoundRule } from "../compile/bindings.ts";
import { serverNames } from "../compile/routes.ts";
import { bindServer, mergeServers, type BoundServer, type Server } from "../compile/servers.ts";
import { covers } from "../host.ts";
import type { Query, View } from "../incremental/view.ts";
import type { Gateway } from "../objects.ts";
import { gatewaysByPort, portKey } from "../resolve/object-index.ts";
import { selects } from "../selector.ts";
import { workloadsOf } from "./gateway-workloads.ts";
import { anyNames, blocksOf, regionsOf, takeAll, type Names, type Region, type Taking } from "./reach.ts";

/** A rule's place: its VirtualService (`namespace/name`), and where in it. */
export interface RulePlace {
  readonly virtualService: string;
  readonly protocol: "tcp" | "tls";
  readonly rule: number;
  readonly match: number | undefined;
}

/** A rule on a server. */
export interface ServedRoute extends RulePlace {
  /** Port of the server. */
  readonly port: number;
  /** The rules before it that take all of its connections: one, or several together; undefined: some are left to it. */
  readonly takenBy: readonly RulePlace[] | undefined;
  /** More specific hosts of other servers on the port that take all names that it is for. */
  readonly namesElsewhere: readonly string[];
}

/** The routes of a Gateway (`namespace/name`), server by server, in the order in which they are asked. */
export const servedRoutes: Query<readonly (readonly ServedRoute[])[]> = {
  run: (key, view) => {
    const slash = key.indexOf("/");
    const gateway = view.get("Gateway", key.slice(0, slash), key.slice(slash + 1));
    if (gateway === undefined) return [];
    return mergeServers([gateway], undefined)
      .bindings.flat()
      .filter(({ kind }) => kind !== "unserved")
      .map((server) => routesOf(view, server));
  },
};

function routesOf(view: View, server: BoundServer): ServedRoute[] {
  const rules = rulesOn(view, server).map((rule) => ({ place: placeOf(rule), taking: takingOf(rule) }));
  const rivals = server.kind === "TCP" ? [] : rivalHosts(view, server);
  const names = server.kind === "TCP" ? anyNames : namesFor(server, rivals);
  return rules.map(({ place, taking }, index) => {
    const regions = regionsOf(taking, names);
    return {
      ...place,
      port: server.server.port.number,
      takenBy: takersOf(regions, rules.slice(0, index)),
      namesElsewhere:
        regions.length > 0 ? [] : rivals.filter((host) => (taking.names ?? [host]).some((name) => covers(host, name))),
    };
  });
}

function rulesOn(view: View, server: BoundServer): BoundRule[] {
  const [workload] = workloadsOf(view, server.gateway);
  return rulesInOrder(boundVirtualServices(view, server, workload), server);
}

interface PlacedTaking {
  readonly place: RulePlace;
  readonly taking: Taking;
}

function takersOf(regions: readonly Region[], earlier: readonly PlacedTaking[]): RulePlace[] | undefined {
  if (
    regions.length === 0 ||
    !takeAll(
      regions,
      earlier.map(({ taking }) => taking),
    )
  )
    return undefined;
  const alone = earlier.find(({ taking }) => takeAll(regions, [taking]));
  if (alone !== undefined) return [alone.place];
  // None alone: without any of those that are left some connection would be.
  let needed = earlier;
  for (const one of earlier) {
    const others = needed.filter((other) => other !== one);
    if (
      takeAll(
        regions,
        others.map(({ taking }) => taking),
      )
    )
      needed = others;
  }
  return needed.map(({ place }) => place);
}

function takingOf({ match }: BoundRule): Taking {
  const names = serverNames(match);
  return {
    source: blocksOf(match.sourceSubnet === undefined ? [] : [match.sourceSubnet]),
    destination: blocksOf(match.destinationSubnets ?? []),
    names: names.length === 0 ? undefined : names,
  };
}

function placeOf({ virtualService: { metadata }, protocol, ruleIndex, matchIndex }: BoundRule): RulePlace {
  return {
    virtualService: `${metadata.namespace}/${metadata.name}`,
    protocol,
    rule: ruleIndex,
    match: matchIndex,
  };
}

/** The names with which connections come to a server: those of its hosts that no other server has a more specific host for. */
function namesFor({ hosts }: BoundServer, rivals: readonly string[]): Names[] {
  const own = [...new Set(hosts.map(({ host }) => host))];
  return own.flatMap((host) =>
    host === "*"
      ? anyNames.map(({ pattern }) => ({ pattern, without: pattern === "" ? [] : rivals }))
      : { pattern: host, without: rivals.filter((rival) => covers(host, rival)) },
  );
}

/** More specific hosts than a server's of the others that are surely served on its port by the same pods, and that route something. */
function rivalHosts(view: View, server: BoundServer): string[] {
  const own = server.hosts.map(({ host }) => host);
  const isRival = (host: string) => !own.includes(host) && own.some((covering) => covers(covering, host));
  const rivals = view
    .find(gatewaysByPort, portKey(server.server))
    .filter(({ spec }) => selects(spec.selector, server.gateway.spec.selector ?? {}))
    .flatMap((gateway) => serversBeside(gateway, server.server))
    .flatMap((other) => {
      const hosts = other.hosts.map(({ host }) => host).filter(isRival);
      return hosts.length === 0 || rulesOn(view, other).length === 0 ? [] : hosts;
    });
  return [...new Set(rivals)];
}

/** The servers of a Gateway that have a server's port and address and tell connections apart by names as well. */
function serversBeside(gateway: Gateway, server: Server): BoundServer[] {
  return gateway.spec.servers
    .map((declared, index) => bindServer(gateway, index, declared, undefined))
    .filter(
      (other) => other.server !== server && portKey(other.server) === portKey(server) && other.kind.startsWith("TLS"),
    );
}
