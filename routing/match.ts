/** The one matcher: which route takes a connection. */
import { covers } from "./host.ts";
import { contains, parseAddress, parseSubnet, type Subnet } from "./subnet.ts";
import type { FilterChain, Listener, Route } from "./table.ts";

/** What is known of a connection when it is to be routed. */
export interface ConnectionFacts {
  /** The client's address: IPv4, IPv6 or IPv4-mapped. */
  readonly sourceAddress: string;
  /** The address that the client connected to. */
  readonly destinationAddress: string;
  /** As the client's handshake has it (SNI), in lower case; undefined for plain TCP, or where none was sent. */
  readonly serverName?: string | undefined;
}

interface PreparedRoute {
  readonly route: Route;
  readonly source: readonly Subnet[];
  readonly destination: readonly Subnet[];
}

const prepared = new WeakMap<FilterChain, readonly PreparedRoute[]>();

const source = new Uint16Array(8);
const destination = new Uint16Array(8);

/** The first route of a chain that matches; undefined: none does. Allocates nothing once a chain has been seen. */
export function matchRoute(chain: FilterChain, connection: ConnectionFacts): Route | undefined {
  const routes = prepared.get(chain) ?? prepare(chain);
  let addressesRead = false;
  let sourceKnown = false;
  let destinationKnown = false;
  for (let index = 0; index < routes.length; index++) {
    const candidate = routes[index] as PreparedRoute;
    const { sniHosts } = candidate.route.match;
    if (sniHosts.length > 0 && !matchesName(sniHosts, connection.serverName)) continue;
    if (candidate.source.length > 0 || candidate.destination.length > 0) {
      if (!addressesRead) {
        sourceKnown = parseAddress(connection.sourceAddress, source);
        destinationKnown = parseAddress(connection.destinationAddress, destination);
        addressesRead = true;
      }
      if (candidate.source.length > 0 && !(sourceKnown && inAny(candidate.source, source))) continue;
      if (candidate.destination.length > 0 && !(destinationKnown && inAny(candidate.destination, destination)))
        continue;
    }
    return candidate.route;
  }
  return undefined;
}

/** The chain of a listener whose hosts fit a server name best: exact, then the longest wildcard, then any. */
export function selectChain({ chains }: Listener, serverName: string | undefined): FilterChain | undefined {
  let best: FilterChain | undefined;
  let length = -1;
  for (const chain of chains) {
    const fit = fitOf(chain, serverName);
    if (fit > length) [best, length] = [chain, fit];
  }
  return best;
}

/** -1: the chain is not for the name. */
function fitOf({ sniHosts }: FilterChain, serverName: string | undefined): number {
  if (sniHosts.length === 0) return 0;
  let best = -1;
  for (const host of sniHosts) {
    if (host === "*") best = Math.max(best, 0);
    else if (serverName === host) return Infinity;
    else if (serverName !== undefined && covers(host, serverName)) best = Math.max(best, host.length);
  }
  return best;
}

function prepare(chain: FilterChain): readonly PreparedRoute[] {
  const routes = chain.routes.map((route) => ({
    route,
    source: route.match.sourceSubnets.map(readSubnet),
    destination: route.match.destinationSubnets.map(readSubnet),
  }));
  prepared.set(chain, routes);
  return routes;
}

function readSubnet(text: string): Subnet {
  const subnet = parseSubnet(text);
  if (subnet === undefined) throw new TypeError(`Cannot match routes as ${JSON.stringify(text)} is no CIDR block`);
  return subnet;
}

function matchesName(hosts: readonly string[], serverName: string | undefined): boolean {
  if (serverName === undefined) return false;
  for (const host of hosts) {
    if (covers(host, serverName)) return true;
  }
  return false;
}

function inAny(subnets: readonly Subnet[], address: Uint16Array): boolean {
  for (const subnet of subnets) {
    if (contains(subnet, address)) return true;
  }
  return false;
}
