import { mayRoute, routeRefusal } from "../compile/admission.ts";
import { accepts, isVisible, sharesHost, type Match, type TcpRule, type TlsRule } from "../compile/bindings.ts";
import type { BoundServer } from "../compile/servers.ts";
import { meshGateway } from "../host.ts";
import type { Message } from "../message.ts";
import type { VirtualService } from "../objects.ts";
import { displayName } from "../resolve/about.ts";
import { gatewayKey, gatewayKeys } from "../resolve/gateway-names.ts";
import {
  bad,
  compareSeverity,
  good,
  join,
  messagesOf,
  refusal,
  report,
  summarize,
  unknown,
  unresolvable,
  type Verdict,
} from "./findings.ts";
import { chainVerdict } from "./gateway.ts";
import { referenceVerdict, resolveDestinations, type Usage } from "./references.ts";
import type { Reason, Report } from "./status.ts";
import { keyOf, type DeclaredState, type PlacedRoute, type ServerOutcome, type StatusView } from "./view.ts";

/**
 * What a workload finds about a VirtualService; undefined where it is none of its own. One whose Gateways are all missing is everybody's, as nobody else would say so.
 *
 * @param usage - takes note of the DestinationRules and ServiceEntries behind its routes
 */
export function virtualServiceReport(
  view: StatusView,
  state: DeclaredState,
  virtualService: VirtualService,
  usage: Usage,
): Report | undefined {
  if (!concerns(view, virtualService)) return undefined;
  const messages = messagesOf(view, state);
  const blocks = blocksOf(view, virtualService);
  const verdicts = blocks.map((block) => blockVerdict(view, virtualService, block));
  const served = verdicts.filter(({ status }) => status === "True").length;
  const clusters = blocks.flatMap(({ placed }) =>
    placed.flatMap(({ route }) => route.destinations.map(({ cluster }) => cluster)),
  );
  usage.note(resolveDestinations(view, virtualService));
  return report(
    state,
    messages,
    {
      Accepted: refusal(state, messages) ?? acceptance(view, virtualService, verdicts, messages),
      ResolvedRefs: references(view, state),
      Programmed:
        blocks.length === 0
          ? bad("NoRoutes", "It has no tcp or tls route for a Gateway of this workload")
          : summarize(verdicts, good("Programmed", `${served} of ${blocks.length} routes are served`)),
    },
    {
      routes: { declared: blocks.length, served },
      endpoints: { ready: view.countReady(clusters) },
    },
  );
}

function concerns({ servers, objects, separate, isOurs }: StatusView, virtualService: VirtualService): boolean {
  const keys = gatewayKeys(virtualService);
  const gateways = keys.flatMap((key) => {
    const [namespace = "", name = ""] = key.split("/");
    return objects.get("Gateway", namespace, name) ?? [];
  });
  if (separate && (virtualService.spec.gateways?.includes(meshGateway) === true || gateways.length < keys.length))
    return false;
  if (separate)
    return keys.length > 0 && keys.every((key) => servers.has(key)) && gateways.every((gateway) => isOurs(gateway));
  return keys.some((key) => servers.has(key)) || (keys.length > 0 && gateways.length === 0);
}

/** One match of a rule, or a rule without any. */
interface Block {
  /** As routes are named: `tcp[0].match[1]`. */
  readonly name: string;
  readonly protocol: "tcp" | "tls";
  readonly match: Match;
  /** Servers of the workload's Gateways that it is for. */
  readonly targets: readonly ServerOutcome[];
  /** Where the table has it. */
  readonly placed: readonly PlacedRoute[];
}

function blocksOf(view: StatusView, virtualService: VirtualService): Block[] {
  const routes = view.routes.get(keyOf(virtualService.metadata));
  const listed = gatewayKeys(virtualService);
  const block = (protocol: "tcp" | "tls", name: string, match: Match): Block[] => {
    const narrowed = match.gateways?.map((gateway) => gatewayKey(gateway, virtualService.metadata.namespace)) ?? [];
    const keys = narrowed.length === 0 ? listed : listed.filter((key) => narrowed.includes(key));
    const targets = keys.flatMap((key) => view.servers.get(key) ?? []);
    return targets.length === 0 ? [] : [{ name, protocol, match, targets, placed: routes?.get(name) ?? [] }];
  };
  return (["tcp", "tls"] as const).flatMap((protocol) => {
    const rules: readonly (TcpRule | TlsRule)[] = virtualService.spec[protocol] ?? [];
    return rules.flatMap(({ match: matches }, index) => {
      const name = `${protocol}[${index}]`;
      if (matches === undefined || matches.length === 0) return block(protocol, name, {});
      return matches.flatMap((match, number) => block(protocol, `${name}.match[${number}]`, match));
    });
  });
}

/** A block is served where any listener that has it serves it. */
function blockVerdict(view: StatusView, virtualService: VirtualService, block: Block): Verdict {
  const [best] = block.placed.map((placed) => routeVerdict(view, placed)).sort((a, b) => compareSeverity(b, a));
  return best ?? absence(view, virtualService, block);
}

function routeVerdict(view: StatusView, placed: PlacedRoute): Verdict {
  const { route } = placed;
  const empty = route.destinations.filter(({ cluster }) => !view.hasEndpoints(cluster));
  const names = empty.map(({ cluster }) => {
    const { host = cluster, subset } = view.snapshot.table.clusters.get(cluster) ?? {};
    return subset === undefined ? host : `${host} subset ${subset}`;
  });
  const behind =
    names.length === 0
      ? good("Programmed", `${route.rule} is served`)
      : bad("NoReadyEndpoints", `${route.rule} has no ready endpoint behind ${names.join(" and ")}`);
  return summarize([chainVerdict(view, placed), behind], behind);
}

/** Why a block is in no listener: each step leaves fewer of the servers that it is for. */
function absence(view: StatusView, virtualService: VirtualService, { name, protocol, match, targets }: Block): Verdict {
  const bound = targets.flatMap(({ kind, bound: server }) =>
    kind === "bound" && takes(server, protocol) ? server : [],
  );
  const servers = listServers(targets.map((target) => target.bound));
  if (bound.length === 0)
    return bad(
      "ListenersNotValid",
      `${name} has no listener, as ${servers} cannot take ${protocol} routes or are not this Gateway's to open`,
    );
  const visible = bound.filter((server) => isVisible(virtualService, server, view.workload));
  if (visible.length === 0)
    return bad(
      "NoMatchingParent",
      `${name} has no listener, as exportTo does not let it be seen from namespace ${view.workload.namespace}`,
    );
  const hosts = visible.filter((server) => sharesHost(virtualService, server));
  if (hosts.length === 0)
    return bad(
      "NoMatchingListenerHostname",
      `${name} has no listener, as its hosts (${(virtualService.spec.hosts ?? []).join(", ")}) are none of ${servers}`,
    );
  const accepting = hosts.filter((server) => accepts(match, virtualService, server));
  if (accepting.length === 0)
    return bad("NoMatchingParent", `${name} has no listener, as it matches none of ${servers}`);
  const refused = accepting.filter((server) => !mayRoute(view.objects, view.workload, virtualService, server));
  if (refused.length === accepting.length)
    return bad(
      "NotAllowed",
      join(refused.map((server) => routeRefusal(view.workload, virtualService, server).message)),
    );
  return bad("BackendNotFound", `${name} is left out, as it has no destination that connections can be sent to`);
}

/** `tls` rules are for TLS that is passed through, `tcp` rules for all else. */
function takes({ kind }: BoundServer, protocol: "tcp" | "tls"): boolean {
  return kind !== "unserved" && (kind === "TLS passthrough") === (protocol === "tls");
}

function listServers(servers: readonly BoundServer[]): string {
  const names = servers.map(({ gateway, server }) => `port ${server.port.number} of Gateway ${displayName(gateway)}`);
  return join(names, ", ");
}

/** Reasons for which a route binds to no server at all. */
const unbound: ReadonlySet<Reason> = new Set<Reason>(["NoMatchingListenerHostname", "NoMatchingParent"]);

function acceptance(
  view: StatusView,
  virtualService: VirtualService,
  verdicts: readonly Verdict[],
  messages: readonly Message[],
): Verdict {
  const gateways = gatewayKeys(virtualService).filter((key) => view.servers.has(key));
  if (gateways.length === 0) return bad("NoMatchingParent", "None of the Gateways that it lists exists");
  const [first] = verdicts;
  if (first !== undefined && verdicts.every(({ reason }) => unbound.has(reason))) return summarize(verdicts, first);
  const unenforceable = messages.filter(({ code }) => code === "TCP0010");
  if (unenforceable.length > 0) return good("UnenforceableMatch", join(unenforceable.map(({ message }) => message)));
  return good("Accepted", `Bound to Gateway ${gateways.join(", ")}`);
}

function references(view: StatusView, { newest }: DeclaredState): Verdict {
  if (newest === undefined) return unresolvable;
  const virtualService = newest as VirtualService;
  const missing = gatewayKeys(virtualService).flatMap((key): Verdict[] => {
    const [namespace = "", name = ""] = key.split("/");
    if (view.objects.get("Gateway", namespace, name) !== undefined) return [];
    return [
      view.isWatched(namespace)
        ? bad("GatewayNotFound", `Gateway ${key} does not exist`)
        : unknown("NamespaceNotWatched", `Whether Gateway ${key} exists is not known, as its namespace is not watched`),
    ];
  });
  return summarize(
    [...missing, ...resolveDestinations(view, virtualService).map((resolution) => referenceVerdict(view, resolution))],
    good("ResolvedRefs", "All that it refers to exists"),
  );
}
