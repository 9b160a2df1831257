/** What `tcp-ingress status` shows, as `-o json` prints it. */
import type { Counts } from "../../routing/status/status.ts";

/** Where a route may send connections. */
export interface DestinationStatus {
  readonly host: string;
  readonly port: number;
  readonly subset: string | null;
  /** Relative to the others of the route. */
  readonly weight: number;
  /** Endpoints that are ready; null: nobody knows before a host name is looked up. */
  readonly endpoints: number | null;
  /** Open connections, where a gateway was asked. */
  readonly connections?: number;
}

/** One rule of a VirtualService on one server of a Gateway. */
export interface RouteStatus {
  /** `NAMESPACE/NAME`. */
  readonly gateway: string;
  readonly server: string;
  /** `NAMESPACE/NAME`. */
  readonly virtualService: string;
  /** Place in the VirtualService: `tcp[0].match[1]`. */
  readonly rule: string;
  /** What a connection has to fit beside the port; empty: nothing. */
  readonly match: string;
  readonly destinations: readonly DestinationStatus[];
}

export interface ListenerStatus {
  /** As declared. */
  readonly port: number;
  /** Of the socket, where a gateway was asked. */
  readonly state?: string;
  /** Why it is not open. */
  readonly error?: string;
  readonly routes: readonly RouteStatus[];
}

/** What one gateway pod says of itself. */
export interface PodStatus {
  readonly name: string;
  readonly ready: boolean;
  /** `Running` and the like. */
  readonly phase: string;
  readonly restarts: number;
  /** undefined: it could not be asked, and {@link error} says why. */
  readonly gateway?: {
    /** null: it serves nothing yet. */
    readonly configVersion: number | null;
    readonly draining: boolean;
    readonly connections: number;
    /** Ports whose listeners are open. */
    readonly open: readonly number[];
    /** Ports whose listeners should be open and are not. */
    readonly failed: readonly number[];
  };
  readonly error?: string;
}

/** One ingress gateway: its pods, and what they are to serve. */
export interface IngressGatewayStatus {
  readonly namespace: string;
  /** Of its Service. */
  readonly name: string;
  /** Addresses of the load balancer. */
  readonly addresses: readonly string[];
  readonly pods: readonly PodStatus[];
  readonly listeners: readonly ListenerStatus[];
}

export interface ConditionStatus {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** A declared object. */
export interface ObjectStatus {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Empty: nobody has written a status yet. */
  readonly conditions: readonly ConditionStatus[];
  /** As an ingress gateway has written them. */
  readonly counts: Counts;
}

/** Of a cluster. */
export interface ClusterStatus {
  readonly ingressGateways: readonly IngressGatewayStatus[];
  readonly objects: readonly ObjectStatus[];
  /** Kinds of which not every object may be read. */
  readonly unread: readonly string[];
}

/** Of one gateway that was asked directly. */
export interface GatewayStatus {
  readonly address: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly engine: string;
  /** null: it serves nothing yet. */
  readonly configVersion: number | null;
  readonly connections: number;
  readonly listeners: readonly ListenerStatus[];
  /** What it says is wrong among the declarations: `Error [IST0101] …`. */
  readonly messages: readonly string[];
}
