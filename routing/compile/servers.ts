/** Which servers of which Gateways a workload serves, and who holds a port that more than one claims. */
import { parseServerHost, specificity, type ServerHost } from "../host.ts";
import type { View } from "../incremental/view.ts";
import type { Gateway, Service } from "../objects.ts";
import { served } from "../schema/served.ts";
import { selects } from "../selector.ts";
import type { Workload } from "../workload.ts";
import { certificatesOf } from "./termination.ts";

export type Server = Gateway["spec"]["servers"][number];

/** What the bytes of a server's connections are to the gateway. */
export type ServerKind = "TCP" | "TLS passthrough" | "TLS termination" | "unserved";

export interface BoundServer {
  readonly gateway: Gateway;
  readonly index: number;
  readonly server: Server;
  readonly kind: ServerKind;
  readonly bindPort: number;
  readonly hosts: readonly ServerHost[];
}

/** A server that gets nothing, and the one that holds what it claims. */
export interface Conflict {
  readonly loser: BoundServer;
  readonly holder: BoundServer;
  /** Those of the loser's hosts that the holder has. */
  readonly hosts: readonly string[];
}

/** The servers that share a port and an address: one for plain TCP, one or more for TLS. */
export type Binding = readonly [BoundServer, ...BoundServer[]];

/** The Gateways that a workload serves, oldest first. */
export function selectGateways(view: View, workload: Workload): Gateway[] {
  return view.all("Gateway").filter((gateway) => isSelected(gateway, workload));
}

/** Whether a workload serves a Gateway. */
export function isSelected({ spec }: Gateway, { every, labels }: Workload): boolean {
  return every === true || selects(spec.selector, labels);
}

/** Merges the servers of Gateways by port and address; the oldest Gateway keeps what two claim. One that is refused takes nothing from the others. */
export function mergeServers(
  gateways: readonly Gateway[],
  service: Service | undefined,
  refuses: (server: BoundServer) => boolean = () => false,
): { bindings: Binding[]; conflicts: Conflict[]; refused: BoundServer[] } {
  const claims = gateways.flatMap((gateway) =>
    gateway.spec.servers.map((server, index) => bindServer(gateway, index, server, service)),
  );
  const groups = Map.groupBy(claims, ({ bindPort, server }) => `${bindPort} ${server.bind ?? ""}`);
  const merged = Array.from(groups.values(), (group) => mergeClaims(group, refuses));
  return {
    bindings: merged.flatMap(({ binding }) => (binding === undefined ? [] : [binding])),
    conflicts: merged.flatMap(({ conflicts }) => conflicts),
    refused: merged.flatMap(({ refused }) => refused),
  };
}

/** Who holds one port and address of those that claim it, the oldest first. */
export function mergeClaims(
  claims: readonly BoundServer[],
  refuses: (server: BoundServer) => boolean,
): { binding: Binding | undefined; conflicts: Conflict[]; refused: BoundServer[] } {
  const refused = claims.filter(refuses);
  const [first, ...others] = claims.filter((claim) => !refused.includes(claim));
  if (first === undefined) return { binding: undefined, conflicts: [], refused };
  const holders: [BoundServer, ...BoundServer[]] = [first];
  const conflicts: Conflict[] = [];
  for (const bound of others) {
    const found = findConflicts(bound, holders);
    conflicts.push(...found);
    const lost = new Set(found.flatMap(({ hosts }) => hosts));
    const left = bound.hosts.filter(({ host }) => !lost.has(host));
    if (left.length > 0) holders.push({ ...bound, hosts: left });
  }
  return { binding: holders, conflicts, refused };
}

/** What is known of a server on its own. */
export function bindServer(gateway: Gateway, index: number, server: Server, service: Service | undefined): BoundServer {
  return {
    gateway,
    index,
    server,
    kind: kindOf(server),
    bindPort: bindPortOf(server.port.number, service),
    hosts: server.hosts.map((host) => parseServerHost(host, gateway.metadata.namespace)),
  };
}

/** The port that the socket of a declared port binds. Only a numeric targetPort is the same on every pod. */
export function bindPortOf(port: number, service: Service | undefined): number {
  const target = service?.spec.ports?.find((servicePort) => servicePort.port === port)?.targetPort;
  return typeof target === "number" ? target : port;
}

/** Istio takes MONGO, MYSQL and REDIS for TCP as well, and HTTPS that is passed through for TLS. */
export function kindOf({ port, tls }: Server): ServerKind {
  switch (port.protocol.toUpperCase()) {
    case "TCP":
    case "MONGO":
    case "MYSQL":
    case "REDIS":
      return "TCP";
    case "TLS":
      return tlsKind(tls?.mode, hasCertificate(tls) ? "TLS termination" : "unserved");
    case "HTTPS":
      return tlsKind(tls?.mode, "unserved");
    default:
      return "unserved";
  }
}

function hasCertificate(tls: Server["tls"]): boolean {
  if (tls === undefined) return false;
  return served.serverCertificates ? certificatesOf(tls).length > 0 : tls.credentialName !== undefined;
}

function tlsKind(mode: NonNullable<Server["tls"]>["mode"], terminated: ServerKind): ServerKind {
  switch (mode) {
    case undefined:
    case "PASSTHROUGH":
      return "TLS passthrough";
    case "SIMPLE":
    case "MUTUAL":
    case "OPTIONAL_MUTUAL":
      return terminated;
    default:
      return "unserved";
  }
}

function findConflicts(server: BoundServer, holders: Binding): Conflict[] {
  return holders.flatMap((holder) => {
    const hosts = contestedHosts(server, holder);
    return hosts.length === 0 ? [] : [{ loser: server, holder, hosts }];
  });
}

type Family = "TCP" | "TLS" | "HTTP";

/** How a server's connections are told apart: not at all, by server name, or by request. */
function familyOf({ kind, server }: BoundServer): Family {
  if (kind === "TCP") return "TCP";
  return ["TLS", "HTTPS"].includes(server.port.protocol.toUpperCase()) ? "TLS" : "HTTP";
}

/** The hosts of a server that another one on the same port and address claims as well: all, where connections cannot be told apart. */
export function contestedHosts(server: BoundServer, other: BoundServer): string[] {
  const own = [...new Set(server.hosts.map(({ host }) => host))];
  const family = familyOf(server);
  if (family === "TCP" || family !== familyOf(other)) return own;
  return own.filter((host) => other.hosts.some((claimed) => claimed.host === host));
}

/** Chains in the order in which a server name looks for its own: the most specific host first. */
export function compareSpecificity(a: BoundServer, b: BoundServer): number {
  return (
    Math.max(...b.hosts.map(({ host }) => specificity(host))) -
    Math.max(...a.hosts.map(({ host }) => specificity(host)))
  );
}
