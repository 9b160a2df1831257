import { messageOf, type Code } from "../catalogue.ts";
import { accepts, isVisible, sharesHost, type Match } from "../compile/bindings.ts";
import { bindServer, type BoundServer } from "../compile/servers.ts";
import { meshGateway } from "../host.ts";
import type { View } from "../incremental/view.ts";
import type { FieldPath, Gateway, VirtualService } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import { gatewayKey, gatewayKeys } from "../resolve/gateway-names.ts";
import type { Analyzer } from "./analyzer.ts";
import { workloadsOf } from "./gateway-workloads.ts";
import { declaredRules } from "./rules.ts";

/**
 * TCP0005 and TCP0019: a rule or a match that is for no server of the Gateways that the VirtualService lists, and the first reason why: the Gateways that it names, its port, its protocol, the hosts, the server names,
 * `exportTo`. What is for the mesh as well is a real Istio's affair.
 */
export const unboundRules: Analyzer<"VirtualService"> = {
  subject: "rules that are for no server",
  kind: "VirtualService",
  needs: [],
  looksUp: ["Gateway"],
  *check(virtualService, view) {
    // A route of the Gateway API says by itself what it attaches to.
    if (virtualService.origin.source !== undefined) return;
    const said = new Set<string>();
    for (const { protocol, index, rule, path } of declaredRules(virtualService)) {
      const matches: readonly Match[] = rule.match ?? [];
      const places =
        matches.length === 0
          ? [{ name: `${protocol}[${index}]`, match: {}, path }]
          : matches.map((match, number) => ({
              name: `${protocol}[${index}].match[${number}]`,
              match,
              path: [...path, "match", number],
            }));
      for (const place of places) {
        const reason = whyUnbound({ virtualService, protocol, ...place }, view);
        if (reason === undefined || said.has(reason.text)) continue;
        said.add(reason.text);
        yield messageOf(reason.code, about(virtualService, reason.path), reason.text);
      }
    }
  },
};

interface Place {
  readonly virtualService: VirtualService;
  readonly protocol: "tcp" | "tls";
  readonly name: string;
  readonly match: Match;
  readonly path: FieldPath;
}

interface Reason {
  readonly code: Code;
  readonly path: FieldPath;
  readonly text: string;
}

/** Why a rule is for no server; undefined: it is for one, or another check tells why not. */
function whyUnbound(place: Place, view: View): Reason | undefined {
  const { virtualService, match, name, path } = place;
  const keys = [...new Set(gatewayKeys(virtualService))];
  const wanted = match.gateways?.map((text) => gatewayKey(text, virtualService.metadata.namespace)) ?? [];
  const narrowed = wanted.length === 0 ? keys : keys.filter((key) => wanted.includes(key));
  if (keys.length === 0 || isForMesh(place)) return undefined;
  if (narrowed.length === 0) {
    return {
      code: "TCP0019",
      path: [...path, "gateways"],
      text: `${name} is for no server as the VirtualService does not list what the match is for (${match.gateways?.join(", ") ?? ""}) but ${virtualService.spec.gateways?.join(", ") ?? ""}. Add it to spec.gateways, or take it out of the match`,
    };
  }
  const gateways = narrowed.flatMap((key) => find(view, key) ?? []);
  if (gateways.length < narrowed.length) return undefined;
  const servers = gateways.flatMap((gateway) =>
    gateway.spec.servers.map((server, index) => bindServer(gateway, index, server, undefined)),
  );
  return portReason(place, gateways, servers) ?? serverReason(place, servers, view);
}

function isForMesh({ virtualService, match }: Place): boolean {
  return (
    virtualService.spec.gateways?.includes(meshGateway) === true &&
    (match.gateways === undefined || match.gateways.length === 0 || match.gateways.includes(meshGateway))
  );
}

function portReason(
  { match: { port }, name, path }: Place,
  gateways: readonly Gateway[],
  servers: readonly BoundServer[],
) {
  const ports = servers.map(({ server }) => server.port.number);
  if (port === undefined || ports.includes(port)) return undefined;
  const names = gateways.map((gateway) => displayName(gateway)).join(", ");
  const opened = [...new Set(ports)].sort((a, b) => a - b).join(", ");
  return {
    code: "TCP0005",
    path: [...path, "port"],
    text: `Port ${port} of ${name} is opened by none of its gateways (${names}), which open ${opened}. Add a server with port ${port} to one of them, or match one of their ports`,
  } as const;
}

/** Why none of the servers with the right port takes the rule. */
function serverReason(place: Place, all: readonly BoundServer[], view: View): Reason | undefined {
  const { virtualService, protocol, match, name, path } = place;
  const ofPort = all.filter(({ server }) => match.port === undefined || match.port === server.port.number);
  const ofKind = ofPort.filter((server) => takes(protocol, server));
  if (ofKind.length === 0) {
    const what =
      protocol === "tcp"
        ? "a tcp rule is for plain TCP, and for TLS that ends at the gateway. Make it a tls rule with sniHosts, or change the server"
        : "a tls rule is for TLS that the gateway passes through. Make it a tcp rule, or give the server protocol TLS and tls mode PASSTHROUGH";
    return reason(path, `${name} is for no server as there is but ${listed(ofPort, modeOf)}, and ${what}`);
  }
  const ofHosts = ofKind.filter((server) => sharesHost(virtualService, server));
  if (ofHosts.length === 0) {
    // Where no server of a Gateway has the host IST0132 says so.
    if (
      ofKind.every(
        (server) => !all.some((other) => other.gateway === server.gateway && sharesHost(virtualService, other)),
      )
    )
      return undefined;
    const hosts = (virtualService.spec.hosts ?? []).join(", ");
    return reason(
      path,
      `${name} is for no server as ${hosts} is none of the hosts of ${listed(ofKind, hostsOf)}. Add it to the server's hosts, or match another port`,
    );
  }
  const ofNames = ofHosts.filter((server) => accepts(match, virtualService, server));
  if (ofNames.length === 0) {
    return reason(
      [...path, "sniHosts"],
      `${name} is for no server as ${match.sniHosts?.join(", ") ?? ""} is none of the hosts of ${listed(ofHosts, hostsOf)}. Add it to the server's hosts, or take it out of the match`,
    );
  }
  // Without any pod nobody knows where a Gateway is served.
  if (!view.has("Pod") && !view.has("Deployment")) return undefined;
  const isSeen = (server: BoundServer) =>
    workloadsOf(view, server.gateway).some((workload) => isVisible(virtualService, server, workload));
  if (ofNames.some(isSeen)) return undefined;
  const namespaces = ofNames.flatMap(({ gateway }) => workloadsOf(view, gateway).map(({ namespace }) => namespace));
  return reason(
    ["spec", "exportTo"],
    `The VirtualService is for no server as exportTo hides it from namespace ${[...new Set(namespaces)].join(", ")}, where its gateways' pods are. Add the namespace to exportTo`,
  );
}

function reason(path: FieldPath, text: string): Reason {
  return { code: "TCP0019", path, text };
}

/** Whether a server has any use for rules of a kind. Of one that is to end TLS and cannot, another check tells (TCP0009). */
function takes(protocol: "tcp" | "tls", { kind, server }: BoundServer): boolean {
  if (kind === "TLS passthrough") return protocol === "tls";
  if (kind !== "unserved") return protocol === "tcp";
  return protocol === "tcp" && ["TLS", "HTTPS"].includes(server.port.protocol.toUpperCase());
}

function listed(servers: readonly BoundServer[], what: (server: BoundServer) => string): string {
  return servers
    .map((server) => `port ${server.server.port.number} of Gateway ${displayName(server.gateway)} (${what(server)})`)
    .join(", ");
}

function modeOf({ kind, server }: BoundServer): string {
  return kind === "unserved" || kind === "TCP"
    ? server.port.protocol
    : kind === "TLS passthrough"
      ? "TLS that is passed through"
      : "TLS that ends there";
}

function hostsOf({ server }: BoundServer): string {
  return server.hosts.join(", ");
}

function find(view: View, key: string): Gateway | undefined {
  const slash = key.indexOf("/");
  return view.get("Gateway", key.slice(0, slash), key.slice(slash + 1));
}
