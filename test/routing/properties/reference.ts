/**
 * The matcher as the design's words have it, written once more: as slow and plain as can be, for one connection at a time, on the declarations as they
 * were written. It shares no code with what it judges.
 */
import { isIPv4 } from "node:net";
import type { Manifest } from "./manifests.ts";

/** A connection as it reaches the gateway's pod. */
export interface Connection {
  readonly bindPort: number;
  /** The address that the socket is bound to; undefined: any. */
  readonly bind: string | undefined;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  readonly serverName: string | undefined;
}

/** The gateway's pods. */
export interface Pods {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Port of the gateway's Service → its numeric targetPort. */
  readonly targetPorts: Readonly<Record<number, number>>;
}

/** Where a connection goes. */
export interface Answer {
  readonly gateway: string;
  readonly server: string;
  readonly virtualService: string;
  readonly rule: string;
  /** `host:port+subset` → weight */
  readonly destinations: readonly (readonly [string, number])[];
}

interface DeclaredServer {
  readonly port: { readonly number: number; readonly name: string; readonly protocol: string };
  readonly tls?: { readonly mode: string };
  readonly bind?: string;
  readonly hosts: readonly string[];
}

interface DeclaredMatch {
  readonly port?: number;
  readonly gateways?: readonly string[];
  readonly sourceSubnet?: string;
  readonly destinationSubnets?: readonly string[];
  readonly sniHosts?: readonly string[];
}

interface DeclaredDestination {
  readonly host: string;
  readonly subset?: string;
  readonly port?: { readonly number: number };
}

interface DeclaredRule {
  readonly match?: readonly DeclaredMatch[];
  readonly route: readonly { readonly destination: DeclaredDestination; readonly weight?: number }[];
}

interface VirtualServiceFields {
  readonly hosts: readonly string[];
  readonly gateways: readonly string[];
  readonly exportTo?: readonly string[];
  readonly tcp?: readonly DeclaredRule[];
  readonly tls?: readonly DeclaredRule[];
}

/** Where the connection goes; undefined: it is closed at once. */
export function answer(manifests: readonly Manifest[], pods: Pods, connection: Connection): Answer | undefined {
  let best: Standing | undefined;
  for (const server of serversOf(manifests, pods, connection)) {
    if (server.kind === "unserved" || routesOf(manifests, pods, server).length === 0) continue;
    if (fitness(server, connection.serverName) > (best === undefined ? -1 : fitness(best, connection.serverName)))
      best = server;
  }
  if (best === undefined) return undefined;
  const found = routesOf(manifests, pods, best).find(({ match }) => takes(match, connection));
  if (found === undefined) return undefined;
  const { virtualService, rule, destinations } = found;
  return { gateway: nameOf(best.gateway), server: best.server.port.name, virtualService, rule, destinations };
}

/** A server, and the hosts that no older one holds. */
interface Standing {
  readonly gateway: Manifest;
  readonly server: DeclaredServer;
  readonly kind: "tcp" | "passthrough" | "termination" | "unserved";
  readonly hosts: readonly { readonly namespace: string; readonly host: string }[];
}

function serversOf(manifests: readonly Manifest[], pods: Pods, { bindPort, bind }: Connection): Standing[] {
  const standing: Standing[] = [];
  for (const gateway of byAge(manifests, "Gateway")) {
    const { selector, servers } = gateway.spec as {
      selector: Record<string, string>;
      servers: readonly DeclaredServer[];
    };
    if (Object.entries(selector).some(([label, value]) => pods.labels[label] !== value)) continue;
    for (const server of servers) {
      const own = pods.targetPorts[server.port.number] ?? server.port.number;
      if (own !== bindPort || server.bind !== bind) continue;
      const all = server.hosts.map((text) => splitHost(text, gateway.metadata.namespace));
      const hosts = all.filter(({ host }) =>
        standing.every(
          (older) =>
            familyOf(older.server) === familyOf(server) &&
            familyOf(server) !== "tcp" &&
            !older.hosts.some((held) => held.host === host),
        ),
      );
      if (hosts.length > 0) standing.push({ gateway, server, kind: kindOf(server), hosts });
    }
  }
  return standing;
}

function familyOf({ port }: DeclaredServer): "tcp" | "tls" | "http" {
  const protocol = port.protocol.toUpperCase();
  if (["TCP", "MONGO", "MYSQL", "REDIS"].includes(protocol)) return "tcp";
  return ["TLS", "HTTPS"].includes(protocol) ? "tls" : "http";
}

function kindOf(server: DeclaredServer): Standing["kind"] {
  const family = familyOf(server);
  if (family === "tcp") return "tcp";
  if (family === "http") return "unserved";
  if (server.tls?.mode === "PASSTHROUGH") return "passthrough";
  return server.port.protocol.toUpperCase() === "TLS" ? "termination" : "unserved";
}

function splitHost(text: string, own: string): { namespace: string; host: string } {
  const [first = "", second] = text.split("/");
  if (second === undefined) return { namespace: "*", host: plain(first) };
  return { namespace: first === "." ? own : first, host: plain(second) };
}

/** Exact, then the longest wildcard, then any; -1: not for this name. Plain TCP has no names to be told apart by. */
function fitness({ hosts, kind }: Standing, serverName: string | undefined): number {
  if (kind === "tcp") return 0;
  return Math.max(
    ...hosts.map(({ host }) => {
      if (host === "*") return 0;
      if (serverName === undefined) return -1;
      if (host === serverName) return 1000;
      return fits(host, serverName) ? host.length : -1;
    }),
  );
}

interface DeclaredRoute {
  readonly virtualService: string;
  readonly rule: string;
  readonly match: DeclaredMatch;
  readonly destinations: readonly (readonly [string, number])[];
}

function routesOf(manifests: readonly Manifest[], pods: Pods, standing: Standing): DeclaredRoute[] {
  const routes: DeclaredRoute[] = [];
  for (const declared of byAge(manifests, "VirtualService")) {
    const fields = declared.spec as unknown as VirtualServiceFields;
    if (!isBound(declared, fields, pods, standing)) continue;
    const protocol = standing.kind === "passthrough" ? "tls" : "tcp";
    for (const [index, rule] of (fields[protocol] ?? []).entries()) {
      const destinations = destinationsOf(manifests, rule, declared.metadata.namespace);
      if (destinations.length === 0) continue;
      const name = `${protocol}[${index}]`;
      const route = (match: DeclaredMatch, where: string) =>
        routes.push({ virtualService: nameOf(declared), rule: where, match, destinations });
      const matches = rule.match ?? [];
      if (matches.length === 0) route({}, name);
      for (const [number, match] of matches.entries()) {
        if (isFor(match, declared, standing)) route(match, `${name}.match[${number}]`);
      }
    }
  }
  return routes;
}

function isBound(declared: Manifest, fields: VirtualServiceFields, pods: Pods, { gateway, hosts }: Standing): boolean {
  const { namespace } = declared.metadata;
  return (
    fields.gateways.some((name) => fullName(name, namespace) === nameOf(gateway)) &&
    isSeen(fields.exportTo, namespace, pods.namespace) &&
    hosts.some(
      (offered) =>
        (offered.namespace === "*" || offered.namespace === namespace) &&
        fields.hosts.some((own) => fits(offered.host, plain(own)) || fits(plain(own), offered.host)),
    )
  );
}

function isFor(match: DeclaredMatch, { metadata }: Manifest, { gateway, server, hosts }: Standing): boolean {
  if (match.port !== undefined && match.port !== server.port.number) return false;
  if (match.gateways?.every((name) => fullName(name, metadata.namespace) !== nameOf(gateway)) === true) return false;
  return (
    match.sniHosts === undefined ||
    match.sniHosts.some((sni) => hosts.some(({ host }) => fits(host, plain(sni)) || fits(plain(sni), host)))
  );
}

function takes(match: DeclaredMatch, { sourceAddress, destinationAddress, serverName }: Connection): boolean {
  if (match.sourceSubnet !== undefined && !isIn(match.sourceSubnet, sourceAddress)) return false;
  if (match.destinationSubnets?.every((subnet) => !isIn(subnet, destinationAddress)) === true) return false;
  if (match.sniHosts === undefined) return true;
  return match.sniHosts.some((sni) => sni === "*" || (serverName !== undefined && fits(plain(sni), serverName)));
}

function destinationsOf(
  manifests: readonly Manifest[],
  { route }: DeclaredRule,
  namespace: string,
): [string, number][] {
  return route.flatMap(({ destination, weight }): [string, number][] => {
    const share = route.length === 1 ? 1 : (weight ?? 0);
    const target = targetOf(manifests, destination, namespace);
    return target === undefined || share === 0 ? [] : [[target, share]];
  });
}

/** `host:port+subset`; undefined where it leads nowhere. */
function targetOf(
  manifests: readonly Manifest[],
  destination: DeclaredDestination,
  namespace: string,
): string | undefined {
  const host = plain(destination.host);
  const full = /[.*]/.test(host) ? host : `${host}.${namespace}.svc.cluster.local`;
  const owner = ownerOf(manifests, full, namespace);
  const port = owner && portOf(owner, destination.port?.number);
  if (owner === undefined || port === undefined) return undefined;
  if (destination.subset === undefined) return `${full}:${port}+`;
  const rules = rulesFor(manifests, full, namespace, owner.metadata.namespace);
  const names = rules.flatMap(({ spec }) => (spec["subsets"] as { name: string }[] | undefined) ?? []);
  return names.some(({ name }) => name === destination.subset) ? `${full}:${port}+${destination.subset}` : undefined;
}

function ownerOf(manifests: readonly Manifest[], full: string, namespace: string): Manifest | undefined {
  const service = manifests.find(
    ({ kind, metadata }) => kind === "Service" && `${metadata.name}.${metadata.namespace}.svc.cluster.local` === full,
  );
  if (service !== undefined) return service;
  const entries = byAge(manifests, "ServiceEntry")
    .filter(({ spec, metadata }) => isSeen(spec["exportTo"] as string[] | undefined, metadata.namespace, namespace))
    .flatMap((entry) => (entry.spec["hosts"] as string[]).map((host) => ({ host, entry })))
    .filter(({ host }) => fits(host, full));
  const longest = Math.max(...entries.map(({ host }) => (host === full ? Infinity : host.length)));
  return entries.find(({ host }) => (host === full ? Infinity : host.length) === longest)?.entry;
}

function portOf({ kind, spec }: Manifest, wanted: number | undefined): number | undefined {
  if (kind === "ServiceEntry" && spec["resolution"] === "NONE") return undefined;
  const ports = ((spec["ports"] ?? []) as { number?: number; port?: number; protocol?: string }[])
    .filter(({ protocol }) => (protocol ?? "TCP") === "TCP")
    .map(({ number, port }) => number ?? port);
  if (spec["type"] === "ExternalName" && ports.length === 0) return wanted;
  if (wanted !== undefined) return ports.includes(wanted) ? wanted : undefined;
  return ports.length === 1 ? ports[0] : undefined;
}

/** The rules of the first namespace that has any: the asking one's, the host's, the mesh's; in each those for the most exact host. */
function rulesFor(manifests: readonly Manifest[], full: string, namespace: string, owner: string): Manifest[] {
  for (const from of [namespace, owner, "istio-system"]) {
    const own = byAge(manifests, "DestinationRule")
      .filter(({ metadata }) => metadata.namespace === from)
      .filter(({ spec }) => isSeen(spec["exportTo"] as string[] | undefined, from, namespace))
      .map((rule) => {
        const host = plain(rule.spec["host"] as string);
        return { rule, host: /[.*]/.test(host) ? host : `${host}.${from}.svc.cluster.local` };
      })
      .filter(({ host }) => fits(host, full));
    const rank = (host: string) => (host === full ? Infinity : host.length);
    const best = Math.max(...own.map(({ host }) => rank(host)));
    if (own.length > 0) return own.filter(({ host }) => rank(host) === best).map(({ rule }) => rule);
  }
  return [];
}

function byAge(manifests: readonly Manifest[], wanted: string): Manifest[] {
  const age = ({ metadata }: Manifest) =>
    metadata.creationTimestamp === undefined ? Infinity : new Date(metadata.creationTimestamp).getTime();
  return manifests
    .filter(({ kind }) => kind === wanted)
    .sort((a, b) => (age(a) !== age(b) ? (age(a) < age(b) ? -1 : 1) : nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf({ metadata }: Manifest): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function fullName(name: string, namespace: string): string {
  return name.includes("/") ? name : `${namespace}/${name}`;
}

function isSeen(exportTo: readonly string[] | undefined, from: string, to: string): boolean {
  return (
    exportTo === undefined || exportTo.some((name) => name === "*" || name === to || (name === "." && from === to))
  );
}

function plain(host: string): string {
  return host.toLowerCase().replace(/\.$/, "");
}

function fits(pattern: string, name: string): boolean {
  if (pattern === name || pattern === "*") return true;
  return pattern.startsWith("*.") && name.endsWith(pattern.slice(1));
}

function isIn(subnet: string, address: string): boolean {
  const [network = "", length] = subnet.split("/");
  const shift = BigInt(128 - (length === undefined ? 128 : Number(length) + (isIPv4(network) ? 96 : 0)));
  return toNumber(network) >> shift === toNumber(address) >> shift;
}

/** An address as one number of 128 bits; IPv4 as its IPv6 form. */
export function toNumber(address: string): bigint {
  const dotted = /^(?:::ffff:)?(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (dotted !== null) return dotted.slice(1).reduce((sum, octet) => sum * 256n + BigInt(octet), 0xffffn);
  const [head = "", tail] = address.split("::");
  const groups = (part: string | undefined) => (part === undefined || part === "" ? [] : part.split(":"));
  const [front, back] = [groups(head), groups(tail)];
  const middle = Array<string>(8 - front.length - back.length).fill("0");
  return [...front, ...middle, ...back].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}
