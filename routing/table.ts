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
  /** What clients may do here before any chain is chosen. */
  readonly policy: ListenerPolicy;
  /** One for plain TCP; for TLS one for each server, in order of preference, told apart by server name (SNI). */
  readonly chains: readonly [FilterChain, ...FilterChain[]];
}

/** What one server of a Gateway contributes to a listener (Envoy's word). */
export interface FilterChain {
  readonly gateway: ObjectReference;
  /** `servers[].port.name`. */
  readonly server: string;
  readonly protocol: "TCP" | "TLS";
  /** Server names that choose this chain; empty: any, or none sent. Lower case, exact or with a `*.` prefix; `*` beside others is for any, or none, that no chain names. */
  readonly sniHosts: readonly string[];
  /** How TLS ends here; undefined: plain TCP, or bytes passed through. */
  readonly tls: ServerTls | undefined;
  /** First match wins. */
  readonly routes: readonly [Route, ...Route[]];
}

/**
 * What a listener asks of clients and grants them, from `tcp-ingress.dev/…` annotations of its Gateway (routing/annotations/definitions.ts), as Istio's API has no
 * field for it. Times are milliseconds. Where Gateways share a listener the oldest one's annotations hold.
 */
export interface ListenerPolicy {
  /** undefined: no header is looked for, and its bytes would be the client's. */
  readonly proxyProtocol: AcceptedProxyProtocol | undefined;
  /** Open connections of the listener; undefined: no limit. */
  readonly maxConnections: number | undefined;
  /** Open connections of one client address on the listener; undefined: no limit. */
  readonly maxConnectionsPerSource: number | undefined;
  /** New connections of one client address on the listener; undefined: no limit. */
  readonly connectionRatePerSource: ConnectionRate | undefined;
  /** From the connection's start to the end of the PROXY header; 15,000 by default (Envoy's listener_filters_timeout). */
  readonly proxyProtocolTimeout: number;
  /** From there to the end of the ClientHello, where one is read; 15,000 by default (Envoy's listener_filters_timeout). */
  readonly clientHelloTimeout: number;
  /** From there to the end of the TLS handshake, where TLS ends here; 15,000 by default. */
  readonly tlsHandshakeTimeout: number;
}

export interface AcceptedProxyProtocol {
  /** `optional`: a client whose first bytes are no header is taken as it is (load balancers' health checks). */
  readonly mode: "require" | "optional";
  /** CIDR blocks of the peers that may send a header: any other is taken as it is, its bytes untouched. */
  readonly sources: readonly [string, ...string[]];
}

export interface ConnectionRate {
  readonly perSecond: number;
  /** How many may come at once; `perSecond`, and at least 1, by default. */
  readonly burst: number;
}

/** TLS that the gateway terminates. */
export interface ServerTls {
  readonly mode: "SIMPLE" | "MUTUAL" | "OPTIONAL_MUTUAL";
  /** One certificate and key for each kind of key (RSA, ECDSA): the client's handshake tells which one it takes. */
  readonly certificates: readonly [CertificateSource, ...CertificateSource[]];
  /**
   * Whose clients are trusted (MUTUAL, OPTIONAL_MUTUAL): `caCertCredentialName`, `caCertificates`, else the first `credentialName` (its `ca.crt`, or the key `cacert` or the
   * Secret `<name>-cacert`); undefined: SIMPLE.
   */
  readonly trust: CertificateSource | undefined;
  /** A file with a revocation list; undefined: none. */
  readonly caCrl: string | undefined;
  /** Of which a client's certificate must have one; empty: any. */
  readonly subjectAltNames: readonly string[];
  /** SHA-256 over a client certificate's SubjectPublicKeyInfo, base64. Where hashes of either kind are listed, one of them all must fit. */
  readonly verifyCertificateSpki: readonly string[];
  /** SHA-256 over the DER of a client's certificate, lower-case hex without colons. */
  readonly verifyCertificateHash: readonly string[];
  readonly minProtocolVersion: TlsVersion;
  readonly maxProtocolVersion: TlsVersion;
  /** OpenSSL's names, for TLS 1.2 and before; empty: the runtime's. */
  readonly cipherSuites: readonly string[];
}

/** Older ones are not offered: OpenSSL holds them for insecure, and so does every browser. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** Where a certificate (and its key, where it is an own one) comes from. */
export type CertificateSource =
  /** A Secret (`tls.crt`, `tls.key`, `ca.crt`) in the gateway workload's namespace. */
  | { readonly kind: "Secret"; readonly name: string }
  /** Files in the gateway's container, as PEM. `key` is empty for an authority's. */
  | { readonly kind: "File"; readonly certificate: string; readonly key: string };

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
  | { readonly kind: "ServiceEntry"; readonly namespace: string; readonly name: string }
  /** A backend of the Gateway API that does not exist or may not be used: its share of the connections is refused. */
  | { readonly kind: "Nobody" };

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
  /** Open connections of one endpoint, `tcp-ingress.dev/max-connections-per-endpoint`; undefined: no limit. */
  readonly maxConnectionsPerEndpoint: number | undefined;
  /** `connectionPool.tcp.tcpKeepalive`; undefined: off. */
  readonly tcpKeepalive: TcpKeepalive | undefined;
  /**
   * `loadBalancer.simple`, LEAST_REQUEST by default; or `loadBalancer.consistentHash` with `useSourceIp`: MAGLEV where `maglev` is there, else RING_HASH (Istio's
   * ApplyRingHashLoadBalancer).
   */
  readonly loadBalancer: "LEAST_REQUEST" | "ROUND_ROBIN" | "RANDOM" | "PASSTHROUGH" | "RING_HASH" | "MAGLEV";
  /** `maglev.tableSize` (a prime, 65,537 by default) or `ringHash.minimumRingSize` (1,024 by default); 0 for the others. */
  readonly hashTableSize: number;
  /** `loadBalancer.warmup`, for ROUND_ROBIN and LEAST_REQUEST alone as in Envoy; undefined: none. */
  readonly warmup: Warmup | undefined;
  /** Which endpoints come first by where they are. */
  readonly locality: LocalityPolicy;
  /** `outlierDetection`; undefined: none. */
  readonly outlierDetection: OutlierDetection | undefined;
  /** `tcp-ingress.dev/health-check…`; undefined: none. */
  readonly healthCheck: HealthCheck | undefined;
  /** TLS towards the endpoints, `tls`; undefined: none. */
  readonly tls: ClientTls | undefined;
  /** The header that is sent before a client's first byte, `proxyProtocol.version`; undefined: none. */
  readonly proxyProtocol: "V1" | "V2" | undefined;
  /** How long connections to an endpoint live on after it is gone, `tcp-ingress.dev/close-removed-after`; undefined: until they end. */
  readonly closeRemovedAfter: number | undefined;
}

/** A new endpoint's share grows over a time (Envoy's slow start; destination-rule reference, WarmupConfiguration). */
export interface Warmup {
  readonly duration: number;
  /** Of its weight at the start: 0 to 100, 10 by default. */
  readonly minimumPercent: number;
  /** 1 by default: the share grows in proportion to time; above: sooner. */
  readonly aggression: number;
}

/**
 * - `hints`: what EndpointSlices say (`hints.forZones`, from the Service's trafficDistribution or topology mode), read as kube-proxy does: held to where every endpoint has
 *   hints and some name the gateway's zone.
 * - `any`: nothing is preferred (`localityLbSetting.enabled: false`).
 * - `failover`: the gateway's own zone, then its region, then the region that `failover` names, then all. Istio's default once there is outlier detection.
 * - `distribute`: shares by locality.
 */
export type LocalityPolicy =
  | { readonly kind: "hints" }
  | { readonly kind: "any" }
  | { readonly kind: "failover"; readonly regions: readonly { readonly from: string; readonly to: string }[] }
  | { readonly kind: "distribute"; readonly rules: readonly LocalityDistribution[] };

/** Localities are `region/zone/subzone`, with `*` for any at their end. */
export interface LocalityDistribution {
  readonly from: string;
  readonly to: readonly { readonly locality: string; /** 1 to 100. */ readonly percent: number }[];
}

/** Leaves out endpoints that fail (Envoy's outlier detection, as Istio configures it). */
export interface OutlierDetection {
  /**
   * Failures in a row until ejection; undefined: none ejects. For TCP all failures are connect failures, connect timeouts and resets: with
   * `splitExternalLocalOriginErrors` `consecutiveLocalOriginFailures` counts them (5), else the lower of `consecutive5xxErrors` (5) and `consecutiveGatewayErrors` (off), as
   * Envoy takes them for 503 and 504. 0 turns a count off.
   */
  readonly consecutiveFailures: number | undefined;
  /** Between sweeps that let endpoints return, 10 s. */
  readonly interval: number;
  /** Of the first ejection, 30 s; the n-th in a row takes n times as long. */
  readonly baseEjectionTime: number;
  /** Envoy's max_ejection_time: 300 s, or the base where that is longer. */
  readonly maxEjectionTime: number;
  /** Of the endpoints, 10; one of two or more may always be ejected. */
  readonly maxEjectionPercent: number;
  /** With a smaller share of healthy endpoints all are used (panic); 0: never. */
  readonly minHealthPercent: number;
}

/** Asks endpoints by a connection of the gateway's own. Defaults are Envoy's documentation's and HAProxy's where that has one. */
export interface HealthCheck {
  /** Between two checks, 5 s. */
  readonly interval: number;
  /** For connecting and the answer together, 1 s. */
  readonly timeout: number;
  /** Good answers in a row until an endpoint is taken in again, 2 (HAProxy's `rise`). */
  readonly healthyThreshold: number;
  /** Failures in a row until it is left out, 3 (HAProxy's `fall`). */
  readonly unhealthyThreshold: number;
  /** Sent once connected, base64; undefined: nothing. */
  readonly send: string | undefined;
  /** Somewhere in what comes back, base64; undefined: that the endpoint accepts is enough. */
  readonly expect: string | undefined;
}

/** TLS that the gateway originates. */
export interface ClientTls {
  readonly mode: "SIMPLE" | "MUTUAL";
  /** Whose servers are trusted: `credentialName`, else `caCertificates`; undefined: the runtime's own list. */
  readonly trust: CertificateSource | undefined;
  /** The gateway's own (MUTUAL): `credentialName`, else `clientCertificate` and `privateKey`; undefined: SIMPLE. */
  readonly certificate: CertificateSource | undefined;
  readonly caCrl: string | undefined;
  /** The server name to ask for: `sni`, else the cluster's host (Istio takes HTTP's host, which TCP has not). */
  readonly serverName: string;
  /** Of which the endpoint's certificate must have one: `subjectAltNames`, else the server name. */
  readonly subjectAltNames: readonly [string, ...string[]];
  /** `insecureSkipVerify`: any certificate is taken. */
  readonly insecureSkipVerify: boolean;
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
  /** Where declared (ServiceEntry, WorkloadEntry); undefined: not known, and taken for the gateway's own. */
  readonly region?: string | undefined;
  readonly subzone?: string | undefined;
  /** `serving && terminating`: a last resort. */
  readonly terminating: boolean;
  /** Share among a cluster's endpoints, of WorkloadEntries and ServiceEntries; undefined: 1. */
  readonly weight?: number | undefined;
  /** Zones that an EndpointSlice meant it for (`hints.forZones`); undefined: it has no hints. */
  readonly zoneHints?: readonly string[] | undefined;
}

/** What an engine is given: it never sees a declared object. */
export interface Snapshot {
  /** Grows by one with every change. */
  readonly version: number;
  readonly table: RouteTable;
  /** Endpoints that are ready or serving, by cluster name; a cluster without any is there with an empty list. */
  readonly endpoints: ReadonlyMap<string, readonly Endpoint[]>;
  /** Where the gateway itself is; undefined: not known, so that nothing is near. */
  readonly locality?: Locality | undefined;
}

/** A place, as Kubernetes' topology labels and Istio's localities have it. */
export interface Locality {
  readonly region: string | undefined;
  readonly zone: string | undefined;
  readonly subzone?: string | undefined;
}
