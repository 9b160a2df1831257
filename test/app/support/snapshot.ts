import type {
  ClientTls,
  Cluster,
  Endpoint,
  FilterChain,
  ListenerPolicy,
  Route,
  RouteTable,
  ServerTls,
  Snapshot,
  TrafficPolicy,
} from "../../../routing/table.ts";

/** Defaults as compile has them, but quick to give up. */
export const policy: TrafficPolicy = {
  connectTimeout: 5000,
  idleTimeout: 0,
  maxConnectionDuration: undefined,
  maxConnections: undefined,
  maxConnectionsPerEndpoint: undefined,
  tcpKeepalive: undefined,
  loadBalancer: "LEAST_REQUEST",
  hashTableSize: 0,
  warmup: undefined,
  locality: { kind: "hints" },
  outlierDetection: undefined,
  healthCheck: undefined,
  tls: undefined,
  proxyProtocol: undefined,
  closeRemovedAfter: undefined,
};

/** Nothing is asked of clients. */
export const listenerPolicy: ListenerPolicy = {
  proxyProtocol: undefined,
  maxConnections: undefined,
  maxConnectionsPerSource: undefined,
  connectionRatePerSource: undefined,
  proxyProtocolTimeout: 15_000,
  clientHelloTimeout: 15_000,
  tlsHandshakeTimeout: 15_000,
};

/** Ends TLS with the Secret `web`, asking nothing of clients. */
export const serverTls: ServerTls = {
  mode: "SIMPLE",
  certificates: [{ kind: "Secret", name: "web" }],
  trust: undefined,
  caCrl: undefined,
  subjectAltNames: [],
  verifyCertificateSpki: [],
  verifyCertificateHash: [],
  minProtocolVersion: "TLSv1.2",
  maxProtocolVersion: "TLSv1.3",
  cipherSuites: [],
};

/** Begins TLS with any endpoint whose certificate is for `upstream.example` and of the authority in the Secret `upstream`. */
export const clientTls: ClientTls = {
  mode: "SIMPLE",
  trust: { kind: "Secret", name: "upstream" },
  certificate: undefined,
  caCrl: undefined,
  serverName: "upstream.example",
  subjectAltNames: ["upstream.example"],
  insecureSkipVerify: false,
};

export interface Target {
  /** Subset name, and what the cluster is called by. */
  readonly subset: string;
  readonly endpoints: readonly Endpoint[];
  readonly weight?: number;
  readonly policy?: Partial<TrafficPolicy>;
}

export interface Rule {
  readonly to: readonly Target[];
  readonly sourceSubnets?: readonly string[];
  readonly destinationSubnets?: readonly string[];
}

/** One server of a Gateway. */
export interface DeclaredServer {
  readonly protocol?: FilterChain["protocol"];
  readonly sniHosts?: readonly string[];
  readonly tls?: ServerTls;
  readonly rules: readonly [Rule, ...Rule[]];
}

export interface Declared extends DeclaredServer {
  readonly port: number;
  /** A free one by default. */
  readonly bindPort?: number;
  readonly bind?: string;
  readonly listener?: Partial<ListenerPolicy>;
  /** Servers beside the first one. */
  readonly others?: readonly DeclaredServer[];
}

export const clusterName = (subset: string): string => `outbound|3333|${subset}|echo.default.svc.cluster.local`;

function clusterOf({ subset, policy: own }: Target): Cluster {
  return {
    name: clusterName(subset),
    host: "echo.default.svc.cluster.local",
    port: 3333,
    subset,
    subsetLabels: { version: subset },
    source: { kind: "Service", namespace: "default", name: "echo", portName: "" },
    trafficPolicy: { ...policy, ...own },
  };
}

function routeOf({ to, sourceSubnets = [], destinationSubnets = [] }: Rule, index: number): Route {
  const [first, ...others] = to.map(({ subset, weight = 1 }) => ({ cluster: clusterName(subset), weight }));
  if (first === undefined) throw new Error("A rule needs a target");
  return {
    virtualService: { kind: "VirtualService", namespace: "default", name: "echo" },
    rule: `tcp[${index}]`,
    match: { sourceSubnets, destinationSubnets, sniHosts: [] },
    destinations: [first, ...others],
  };
}

function chainOf(
  port: number,
  { protocol = "TCP", sniHosts = [], tls, rules }: DeclaredServer,
  at: number,
): FilterChain {
  const [rule, ...furtherRules] = rules;
  return {
    gateway: { kind: "Gateway", namespace: "default", name: `gateway-${port}` },
    server: at === 0 ? "tcp" : `tcp-${at}`,
    protocol,
    sniHosts,
    tls,
    routes: [routeOf(rule, 0), ...furtherRules.map((other, index) => routeOf(other, index + 1))],
  };
}

/** A snapshot of plain words. */
export function snapshotOf(version: number, declared: readonly Declared[]): Snapshot {
  const targets = declared.flatMap((first) =>
    [first, ...(first.others ?? [])].flatMap(({ rules }) => rules.flatMap(({ to }) => to)),
  );
  const table: RouteTable = {
    listeners: declared.map((first) => ({
      port: first.port,
      bindPort: first.bindPort ?? 0,
      bind: first.bind ?? "127.0.0.1",
      policy: { ...listenerPolicy, ...first.listener },
      chains: [
        chainOf(first.port, first, 0),
        ...(first.others ?? []).map((other, index) => chainOf(first.port, other, index + 1)),
      ],
    })),
    clusters: new Map(targets.map((target) => [clusterName(target.subset), clusterOf(target)])),
  };
  return {
    version,
    table,
    endpoints: new Map(targets.map(({ subset, endpoints }) => [clusterName(subset), endpoints])),
  };
}
