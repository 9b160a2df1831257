/**
 * The route table: what all declarations of one gateway workload compile to. It is immutable, holds no endpoint and no clock, and is
 * the same for the same set of objects whatever their order was.
 */

/** The declared object that something was compiled from. */
export interface ObjectReference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Listeners → ordered matches → weighted clusters. */
export interface RouteTable {
  /** Only listeners on which some route could match, ordered by port, then bind address. */
  readonly listeners: readonly Listener[];
  /** The clusters that the listeners' routes name, by cluster name. */
  readonly clusters: ReadonlyMap<string, Cluster>;
}

/** One socket that the gateway opens. */
export interface Listener {
  /** The declared `port.number`: what matches, labels and logs speak of. */
  readonly port: number;
  /** The port that the socket binds: the gateway Service's numeric targetPort for `port` where it has one, else `port` itself. */
  readonly bindPort: number;
  /** The address that the socket binds; undefined: every IPv4 and IPv6 address. */
  readonly bind: string | undefined;
  /** One for plain TCP; for TLS one for each server, in order of preference, told apart by server name (SNI). */
  readonly chains: readonly [FilterChain, ...FilterChain[]];
}

/** What one server of a Gateway contributes to a listener (Envoy's word). */
export interface FilterChain {
  readonly gateway: ObjectReference;
  /** `servers[].port.name`. */
  readonly server: string;
  readonly protocol: "TCP" | "TLS";
  /** Server names that choose this chain; empty: any, or none sent. Lower case, `*.` prefix or exact. */
  readonly sniHosts: readonly string[];
  /** How TLS ends here; undefined: plain TCP, or bytes passed through. */
  readonly tls: ServerTls | undefined;
  /** First match wins. */
  readonly routes: readonly [Route, ...Route[]];
}

/** TLS that the gateway terminates. */
export interface ServerTls {
  readonly mode: "SIMPLE" | "MUTUAL" | "OPTIONAL_MUTUAL";
  /** Name of the Secret, in the gateway workload's namespace. */
  readonly credentialName: string;
  readonly minProtocolVersion: "TLSv1.2" | "TLSv1.3";
  readonly maxProtocolVersion: "TLSv1.2" | "TLSv1.3";
  readonly cipherSuites: readonly string[];
}

/** One rule of a VirtualService, with one of its OR-ed match blocks. */
export interface Route {
  readonly virtualService: ObjectReference;
  /** Where in the object: `tcp[0]`, `tcp[0].match[1]`. */
  readonly rule: string;
  readonly match: RouteMatch;
  /** What a connection may be sent to; a single destination has weight 1, and none has weight 0. */
  readonly destinations: readonly [WeightedCluster, ...WeightedCluster[]];
}

/** Fields are AND-ed; an empty list matches everything. Ports and gateways are resolved by compile and not seen here. */
export interface RouteMatch {
  /** CIDR blocks that the client's address must be in (any of them). */
  readonly sourceSubnets: readonly string[];
  /** CIDR blocks that the connection's original destination must be in (any of them). */
  readonly destinationSubnets: readonly string[];
  /** Server names (SNI), lower case, exact or with a `*.` prefix (any of them). */
  readonly sniHosts: readonly string[];
}

export interface WeightedCluster {
  /** Key into {@link RouteTable.clusters}. */
  readonly cluster: string;
  /** Relative, 1 or more. */
  readonly weight: number;
}

/** Host + port + subset, and the traffic policy that holds for them. */
export interface Cluster {
  /**
   * Istio's name for it: `outbound|3333|v1|tcp-echo.default.svc.cluster.local`; with `@namespace` at its end where the DestinationRule that holds is not of the host's own
   * namespace, as another asker may have another policy.
   */
  readonly name: string;
  /** Fully qualified. */
  readonly host: string;
  readonly port: number;
  /** undefined: all endpoints of the host. */
  readonly subset: string | undefined;
  /** The labels that choose the subset's endpoints; empty without a subset. */
  readonly subsetLabels: Readonly<Record<string, string>>;
  /** Where the endpoints come from. */
  readonly source: ClusterSource;
  readonly trafficPolicy: TrafficPolicy;
}

export type ClusterSource =
  | {
      readonly kind: "Service";
      readonly namespace: string;
      readonly name: string;
      /** EndpointSlices are joined by the Service port's name ("" for the only, nameless port). */
      readonly portName: string;
    }
  /** A Service of type ExternalName. */
  | { readonly kind: "Dns"; readonly hostname: string; readonly port: number }
  | { readonly kind: "ServiceEntry"; readonly namespace: string; readonly name: string };

/** Times are milliseconds. Defaults are Istio's (destination-rule reference) and are filled in by compile. */
export interface TrafficPolicy {
  /** `connectionPool.tcp.connectTimeout`, 10 s by default. */
  readonly connectTimeout: number;
  /** `connectionPool.tcp.idleTimeout`, 1 h by default; 0: never. */
  readonly idleTimeout: number;
  /** `connectionPool.tcp.maxConnectionDuration`; undefined: no limit. */
  readonly maxConnectionDuration: number | undefined;
  /** `connectionPool.tcp.maxConnections`; undefined: no limit. */
  readonly maxConnections: number | undefined;
  /** `connectionPool.tcp.tcpKeepalive`; undefined: off. */
  readonly tcpKeepalive: TcpKeepalive | undefined;
  /** `loadBalancer.simple`; LEAST_REQUEST by default. */
  readonly loadBalancer: "LEAST_REQUEST" | "ROUND_ROBIN" | "RANDOM" | "PASSTHROUGH" | "SOURCE_IP_HASH";
}

export interface TcpKeepalive {
  /** Probes without an answer before the connection is dead (`probes`); undefined: the system's. */
  readonly probes: number | undefined;
  /** Idle time before the first probe (`time`); undefined: the system's. */
  readonly time: number | undefined;
  /** Time between probes (`interval`); undefined: the system's. */
  readonly interval: number | undefined;
}

/** One address that serves a cluster's port. */
export interface Endpoint {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  readonly port: number;
  /** Name of the pod behind it, where known. */
  readonly pod: string | undefined;
  readonly zone: string | undefined;
  /** `serving && terminating`: a last resort. */
  readonly terminating: boolean;
}

/** What an engine is given: it never sees a declared object. */
export interface Snapshot {
  /** Grows by one with every change. */
  readonly version: number;
  readonly table: RouteTable;
  /** Endpoints that are ready or serving, by cluster name; a cluster without any is there with an empty list. */
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>;
}
