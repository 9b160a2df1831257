import type {
  Cluster,
  Endpoint,
  FilterChain,
  ListenerPolicy,
  Route,
  RouteTable,
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

export interface Declared {
  readonly port: number;
  /** A free one by default. */
  readonly bindPort?: number;
  readonly bind?: string;
  readonly protocol?: FilterChain["protocol"];
  readonly rules: readonly [Rule, ...Rule[]];
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

/** A snapshot of plain words. */
export function snapshotOf(version: number, declared: readonly Declared[]): Snapshot {
  const targets = declared.flatMap(({ rules }) => rules.flatMap(({ to }) => to));
  const table: RouteTable = {
    listeners: declared.map(
      ({ port, bindPort = 0, bind = "127.0.0.1", protocol = "TCP", rules: [rule, ...rules] }) => ({
        port,
        bindPort,
        bind,
        policy: listenerPolicy,
        chains: [
          {
            gateway: { kind: "Gateway", namespace: "default", name: `gateway-${port}` },
            server: "tcp",
            protocol,
            sniHosts: [],
            tls: undefined,
            routes: [routeOf(rule, 0), ...rules.map((other, index) => routeOf(other, index + 1))],
          },
        ],
      }),
    ),
    clusters: new Map(targets.map((target) => [clusterName(target.subset), clusterOf(target)])),
  };
  return {
    version,
    table,
    endpoints: new Map(targets.map(({ subset, endpoints }) => [clusterName(subset), endpoints])),
  };
}
