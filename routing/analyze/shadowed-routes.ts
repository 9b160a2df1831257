import { messageOf } from "../catalogue.ts";
import type { Match } from "../compile/bindings.ts";
import type { View } from "../incremental/view.ts";
import type { Message } from "../message.ts";
import type { FieldPath, VirtualService } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import { gatewayKeys } from "../resolve/gateway-names.ts";
import type { Analyzer } from "./analyzer.ts";
import { canonicalMatch } from "./same-match.ts";
import { servedRoutes, type RulePlace, type ServedRoute } from "./served-routes.ts";

/**
 * TCP0011: VirtualServices share a port of a Gateway, and which of them is asked first. TCP0018: a rule or a match that no connection reaches on any server that it is for, as others take all of them. What Istio
 * says by the letter (IST0130, IST0131) is not said again.
 */
export const shadowedRoutes: Analyzer<"VirtualService"> = {
  subject: "routes that others shadow",
  kind: "VirtualService",
  needs: [],
  *check(virtualService, view) {
    const servers = serversOf(virtualService, view);
    const everywhere = Map.groupBy(
      servers.flatMap(({ gateway, own }) => own.map((route) => ({ ...route, gateway }))),
      nameOf,
    );
    const dead = new Set([...everywhere].flatMap(([name, places]) => (places.every(isTaken) ? name : [])));
    const told = new Set<string>();
    for (const server of servers) {
      const isLost = server.own.every((route) => dead.has(nameOf(route))) && server.own.some(isTakenByAnother);
      if (isLost) for (const route of server.own) told.add(nameOf(route));
      yield* sharedMessage(virtualService, server, isLost, view);
    }
    for (const [name, places] of everywhere) {
      if (dead.has(name) && !told.has(name)) yield* deadMessage(virtualService, places, view);
    }
  },
};

interface SharedServer {
  /** `namespace/name` */
  readonly gateway: string;
  readonly routes: readonly ServedRoute[];
  /** Those of the routes that are the VirtualService's. */
  readonly own: readonly ServedRoute[];
}

/** The servers that route anything of a VirtualService. */
function serversOf(virtualService: VirtualService, view: View): SharedServer[] {
  const name = `${virtualService.metadata.namespace}/${virtualService.metadata.name}`;
  return [...new Set(gatewayKeys(virtualService))].flatMap((gateway) =>
    view.ask(servedRoutes, gateway).flatMap((routes) => {
      const own = routes.filter((route) => route.virtualService === name);
      return own.length === 0 ? [] : [{ gateway, routes, own }];
    }),
  );
}

function isTaken({ takenBy, namesElsewhere }: ServedRoute): boolean {
  return takenBy !== undefined || namesElsewhere.length > 0;
}

function isTakenByAnother({ takenBy = [], virtualService }: ServedRoute): boolean {
  return takenBy.some((by) => by.virtualService !== virtualService);
}

/** Says who is asked before a VirtualService, and whether that leaves it anything. */
function* sharedMessage(
  virtualService: VirtualService,
  { gateway, routes, own }: SharedServer,
  isLost: boolean,
  view: View,
): Generator<Message> {
  const [first] = routes;
  const [place] = own;
  if (first === undefined || place === undefined || first.virtualService === place.virtualService) return;
  const taker = own.flatMap(({ takenBy = [] }) => takenBy).find((by) => by.virtualService !== place.virtualService);
  const winner = lookUp(view, (taker ?? first).virtualService);
  if (winner === undefined) return;
  const where = `port ${place.port} of Gateway ${shownGateway(view, gateway)}`;
  const [name, reason] = [displayName(winner), precedence(winner, virtualService)];
  const at = about(virtualService, pathOf(place));
  if (isLost) {
    const remedy = isDerived(virtualService) ? "listener" : `Gateway, or narrow ${name} by a match`;
    const text = `Gets no connection on ${where} as ${name} comes first (${reason}) and takes them all. Take one of the two off the ${remedy}`;
    yield messageOf("TCP0011", at, text);
  } else if (!isDerived(virtualService)) {
    const text = `Shares ${where} with ${name}, which comes first (${reason}) and takes what it matches`;
    yield messageOf("TCP0011", { ...at, level: "Info" }, text);
  }
}

/** Routes of the Gateway API have no matches, and that several share a listener by their server names is no news. */
function isDerived({ origin }: VirtualService): boolean {
  return origin.source !== undefined;
}

/** Why one VirtualService is asked before another (Objects are ordered so). */
function precedence(first: VirtualService, second: VirtualService): string {
  const [a, b] = [first, second].map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ""));
  if (a === b) return "they are of the same age, and its name comes first";
  if (Number.isNaN(a) && Number.isNaN(b)) {
    return "by its name, as their ages are not known here: in a cluster the older one comes first";
  }
  return "it is older";
}

interface PlacedRoute extends ServedRoute {
  readonly gateway: string;
}

/** Says of a rule or match that no connection reaches it on any of the servers that it is for. */
function* deadMessage(virtualService: VirtualService, places: readonly PlacedRoute[], view: View): Generator<Message> {
  const place = places.find(({ takenBy }) => takenBy !== undefined) ?? places[0];
  if (place === undefined) return;
  const { takenBy, namesElsewhere } = place;
  if (takenBy?.every((by) => saidByIstio(virtualService, by, place)) === true) return;
  const where = `port ${place.port} of Gateway ${shownGateway(view, place.gateway)}`;
  const reason =
    takenBy === undefined
      ? `the names that it matches go to servers with more specific hosts (${namesElsewhere.join(", ")}). Bind the VirtualService to those servers, or take the match out`
      : `${takenBy.map((by) => nameFrom(view, by, place)).join(", ")} ${takenBy.length === 1 ? "comes first and takes" : "come first and together take"} all that it matches. ${isDerived(virtualService) ? "Leave it to one of them" : "Put the narrower match first"}`;
  yield messageOf(
    "TCP0018",
    about(virtualService, pathOf(place)),
    `${nameFrom(view, place, undefined)} gets no connection on ${where} as ${reason}`,
  );
}

/** IST0130 speaks of whatever follows a rule without matches, IST0131 of matches that are the same by the letter. */
function saidByIstio({ spec }: VirtualService, by: RulePlace, place: RulePlace): boolean {
  if (by.virtualService !== place.virtualService) return false;
  const { protocol, rule, match } = place;
  if (by.match === undefined) return true;
  const earlier = spec[protocol]?.[by.rule]?.match?.[by.match];
  const later = match === undefined ? undefined : spec[protocol]?.[rule]?.match?.[match];
  return earlier !== undefined && later !== undefined && canonicalMatch(earlier) === canonicalMatch(later);
}

function nameOf({ protocol, rule, match }: RulePlace): string {
  return match === undefined ? `${protocol}[${rule}]` : `${protocol}[${rule}].match[${match}]`;
}

/** A rule as one says it to somebody who reads another: with its VirtualService, if that is another one. */
function nameFrom(view: View, by: RulePlace, reader: RulePlace | undefined): string {
  const owner = lookUp(view, by.virtualService);
  const name = owner !== undefined && isDerived(owner) ? hostnamesOf(owner, by) : nameOf(by);
  return owner === undefined || (reader ?? by).virtualService === by.virtualService
    ? name
    : `${name} of ${displayName(owner)}`;
}

/** What a rule of a TLSRoute is for: it has no matches that could be named. */
function hostnamesOf({ spec }: VirtualService, { protocol, rule, match = 0 }: RulePlace): string {
  const { sniHosts = [] }: Match = spec[protocol]?.[rule]?.match?.[match] ?? {};
  return `hostname ${sniHosts.join(", ")}`;
}

function pathOf({ protocol, rule, match }: RulePlace): FieldPath {
  return match === undefined ? ["spec", protocol, rule] : ["spec", protocol, rule, "match", match];
}

function lookUp(view: View, key: string): VirtualService | undefined {
  const slash = key.indexOf("/");
  return view.get("VirtualService", key.slice(0, slash), key.slice(slash + 1));
}

function shownGateway(view: View, key: string): string {
  const slash = key.indexOf("/");
  const gateway = view.get("Gateway", key.slice(0, slash), key.slice(slash + 1));
  return gateway === undefined ? key : displayName(gateway);
}
