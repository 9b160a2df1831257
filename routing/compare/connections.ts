/** A finite number of connections that stands for all that there could be. */
import { parseSubnet, type Subnet } from "../subnet.ts";
import type { ConnectionFacts } from "../match.ts";
import type { Listener, Route } from "../table.ts";

/** More than that are not looked at one by one. */
const limit = 10_000;

/**
 * Connections to listeners, such that any other connection is matched by each of their routes as one of these is; undefined where there are too many.
 *
 * Addresses: blocks are intervals, and between two neighbouring bounds of all blocks nothing tells addresses apart. Names: each that is named, one more below each wildcard,
 * one that nobody names, and none at all.
 */
export function connectionsTo(listeners: readonly Listener[]): ConnectionFacts[] | undefined {
  const chains = listeners.flatMap((listener) => listener.chains);
  const routes = chains.flatMap((chain) => chain.routes);
  const sources = addresses(routes, ({ match }) => match.sourceSubnets);
  const destinations = addresses(routes, ({ match }) => match.destinationSubnets);
  const names = chains.some(({ protocol }) => protocol === "TLS")
    ? serverNames([...chains.flatMap(({ sniHosts }) => sniHosts), ...routes.flatMap(({ match }) => match.sniHosts)])
    : [undefined];
  if (sources.length * destinations.length * names.length > limit) return undefined;
  return sources.flatMap((sourceAddress) =>
    destinations.flatMap((destinationAddress) =>
      names.map((serverName) => ({ sourceAddress, destinationAddress, serverName })),
    ),
  );
}

function addresses(routes: readonly Route[], blocks: (route: Route) => readonly string[]): string[] {
  const named = new Set(routes.flatMap(blocks));
  if (named.size === 0) return [format(firstIpv4)];
  const bounds = new Set<bigint>([0n, firstIpv4, firstIpv4 + (1n << 32n)]);
  for (const text of named) {
    const subnet = parseSubnet(text);
    if (subnet === undefined) continue;
    const [start, end] = interval(subnet);
    bounds.add(start);
    if (end < 1n << 128n) bounds.add(end);
  }
  return [...bounds].map(format);
}

/** `::ffff:0:0`, where IPv4 is mapped to. */
const firstIpv4 = 0xffffn << 32n;

/** From the first address to the one after the last. */
function interval({ groups, prefix }: Subnet): readonly [bigint, bigint] {
  const address = groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n);
  const size = 1n << BigInt(128 - prefix);
  const start = address - (address % size);
  return [start, start + size];
}

function format(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => (address >> BigInt(112 - 16 * index)) & 0xffffn);
  return groups.map((group) => group.toString(16)).join(":");
}

function serverNames(patterns: readonly string[]): (string | undefined)[] {
  const exact = patterns.filter((pattern) => !pattern.startsWith("*"));
  const suffixes = ["", ...patterns.filter((pattern) => pattern.startsWith("*.")).map((pattern) => pattern.slice(1))];
  // A label that is longer than all others is in none of the names.
  const label = "x".repeat(Math.max(0, ...exact.map((name) => name.length)) + 1);
  return [...new Set([undefined, ...exact, ...suffixes.map((suffix) => label + suffix)])];
}
