/** Which rules of which VirtualServices bind to a server of a Gateway. */
import { sortByAge } from "../age.ts";
import { normalizeHost, overlaps, specificity } from "../host.ts";
import type { View } from "../incremental/view.ts";
import type { VirtualService } from "../objects.ts";
import { gatewayKey } from "../resolve/gateway-names.ts";
import { virtualServicesByPort } from "../resolve/object-index.ts";
import { isExported } from "../visibility.ts";
import type { Workload } from "../workload.ts";
import { mayRoute } from "./admission.ts";
import type { BoundServer } from "./servers.ts";

export type TcpRule = NonNullable<VirtualService["spec"]["tcp"]>[number];
export type TlsRule = NonNullable<VirtualService["spec"]["tls"]>[number];
export type Match = NonNullable<TcpRule["match"]>[number] & { readonly sniHosts?: readonly string[] };

/** One rule of a VirtualService with one of its matches, or with none. */
export interface BoundRule {
  readonly virtualService: VirtualService;
  readonly protocol: "tcp" | "tls";
  readonly ruleIndex: number;
  readonly rule: TcpRule | TlsRule;
  readonly matchIndex: number | undefined;
  readonly match: Match;
}

/** The VirtualServices that bind to a server, oldest first: they list its Gateway, share a host with it, are exported to it and may use its port. */
export function boundVirtualServices(view: View, bound: BoundServer, workload: Workload): VirtualService[] {
  return matchingVirtualServices(view, bound, workload).filter((virtualService) =>
    mayRoute(view, workload, virtualService, bound),
  );
}

/** Those that would bind to a server if they might use its port, and have a rule for it. */
export function refusedVirtualServices(view: View, bound: BoundServer, workload: Workload): VirtualService[] {
  return matchingVirtualServices(view, bound, workload).filter(
    (virtualService) =>
      !mayRoute(view, workload, virtualService, bound) && boundRules(virtualService, bound).next().done !== true,
  );
}

function matchingVirtualServices(view: View, bound: BoundServer, workload: Workload): VirtualService[] {
  return listingVirtualServices(view, bound).filter(
    (virtualService) => isVisible(virtualService, bound, workload) && sharesHost(virtualService, bound),
  );
}

/** Those that list a server's Gateway and have something for its port, oldest first. */
function listingVirtualServices(view: View, { gateway, server }: BoundServer): readonly VirtualService[] {
  const key = `${gateway.metadata.namespace}/${gateway.metadata.name}`;
  const ofPort = view.find(virtualServicesByPort, `${key}|${server.port.number}`);
  const ofAny = view.find(virtualServicesByPort, `${key}|*`);
  if (ofPort.length === 0 || ofAny.length === 0) return ofAny.length === 0 ? ofPort : ofAny;
  return sortByAge(new Set([...ofPort, ...ofAny]));
}

/** Whether a VirtualService is exported to where a server is served. */
export function isVisible({ metadata, spec }: VirtualService, { gateway }: BoundServer, workload: Workload): boolean {
  const seenFrom = workload.every === true ? gateway.metadata.namespace : workload.namespace;
  return isExported(spec.exportTo, metadata.namespace, seenFrom);
}

/** Whether any host of the VirtualService is one of the server's, for the VirtualService's namespace. */
export function sharesHost({ metadata, spec }: VirtualService, { hosts }: Pick<BoundServer, "hosts">): boolean {
  return (spec.hosts ?? []).some((own) => {
    const host = normalizeHost(own);
    return hosts.some(
      (offered) =>
        (offered.namespace === undefined || offered.namespace === metadata.namespace) && overlaps(offered.host, host),
    );
  });
}

/** The rules of a VirtualService that a server takes, in order: `tls` where TLS is passed through, else `tcp`. */
export function* boundRules(virtualService: VirtualService, bound: BoundServer): Generator<BoundRule> {
  const protocol = bound.kind === "TLS passthrough" ? "tls" : "tcp";
  const rules: readonly (TcpRule | TlsRule)[] = virtualService.spec[protocol] ?? [];
  for (const [ruleIndex, rule] of rules.entries()) {
    const matches: readonly Match[] = rule.match ?? [];
    if (matches.length === 0) yield { virtualService, protocol, ruleIndex, rule, matchIndex: undefined, match: {} };
    for (const [matchIndex, match] of matches.entries()) {
      if (accepts(match, virtualService, bound)) yield { virtualService, protocol, ruleIndex, rule, matchIndex, match };
    }
  }
}

/**
 * The rules that a server takes, in the order in which they are asked: those of the oldest VirtualService first, as the first match wins. Of the Gateway API's routes the one with the most specific
 * server name is asked first, however old it is (Gateway API, `allowedRoutes`: "Matching precedence").
 */
export function rulesInOrder(virtualServices: readonly VirtualService[], bound: BoundServer): BoundRule[] {
  const rules = virtualServices.flatMap((virtualService) => [...boundRules(virtualService, bound)]);
  const nameOf = ({ match: { sniHosts = [] } }: BoundRule) => specificity(sniHosts[0] ?? "*");
  return bound.gateway.origin.source === undefined ? rules : rules.sort((a, b) => nameOf(b) - nameOf(a));
}

/** Whether a match is for the server, as far as its port, Gateway and server names say. */
export function accepts(match: Match, { metadata }: VirtualService, { gateway, server, hosts }: BoundServer): boolean {
  if (match.port !== undefined && match.port !== server.port.number) return false;
  if (match.gateways !== undefined && match.gateways.length > 0) {
    const key = `${gateway.metadata.namespace}/${gateway.metadata.name}`;
    if (!match.gateways.some((name) => gatewayKey(name, metadata.namespace) === key)) return false;
  }
  return (
    match.sniHosts === undefined ||
    match.sniHosts.some((sni) => hosts.some(({ host }) => overlaps(host, normalizeHost(sni))))
  );
}
