/**
 * What `status` of a Gateway, VirtualService, DestinationRule or ServiceEntry holds. Every gateway workload has one entry of its own; what is beside the entries is worked out of them alone,
 * so that several workloads that serve one object come to the same, whoever of them writes last.
 */
import type { Level } from "../message.ts";

/** The condition types that are ours; whatever else is in `status.conditions` is somebody else's. */
export const conditionTypes = ["Accepted", "ResolvedRefs", "Programmed"] as const;

export type ConditionType = (typeof conditionTypes)[number];

/**
 * Why a condition is what it is: Gateway API's word where it has one.
 * https://gateway-api.sigs.k8s.io/reference/spec/
 */
export type Reason =
  | ConditionType
  /** The newest form is refused. */
  | "Invalid"
  /** The gateway's claims leave the port to other namespaces. */
  | "NotAllowed"
  /** An older Gateway holds the port. */
  | "Conflicted"
  | "ListenersNotValid"
  /** No Gateway, or none of its ports, is there to bind to. */
  | "NoMatchingParent"
  | "NoMatchingListenerHostname"
  | "UnsupportedProtocol"
  | "UnsupportedValue"
  /** A match holds a field that no gateway can enforce. */
  | "UnenforceableMatch"
  | "BackendNotFound"
  | "SubsetNotFound"
  | "GatewayNotFound"
  | "InvalidCertificateRef"
  /** What is referred to is where this gateway does not look. */
  | "NamespaceNotWatched"
  | "SecretsNotRead"
  | "NoRoutes"
  | "NoReadyEndpoints"
  /** The socket could not be bound. */
  | "AddressNotUsable"
  /** Not yet known. */
  | "Pending";

/** What is known of a condition; when it last changed is known by whoever keeps it. */
export interface Finding {
  readonly type: ConditionType;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: Reason;
  /** For people. */
  readonly message: string;
  /** `metadata.generation` of the form that this is about; undefined where the object has none. */
  readonly observedGeneration?: number | undefined;
}

/** Kubernetes' meta/v1 Condition. */
export interface Condition extends Finding {
  /** RFC 3339. */
  readonly lastTransitionTime: string;
}

/** How many there are, by kind of object. */
export interface Counts {
  /** VirtualService: match blocks that are for Gateways of the workload, and those that connections can be served by. */
  readonly routes?: { readonly declared: number; readonly served: number };
  /** VirtualService, ServiceEntry: ready endpoints behind them. */
  readonly endpoints?: { readonly ready: number };
  /** Gateway: servers, and those whose listener is open. */
  readonly listeners?: { readonly declared: number; readonly open: number };
  /** Gateway: routes that its servers have. */
  readonly attachedRoutes?: number;
  /** DestinationRule: subsets, and those that have a ready endpoint. */
  readonly subsets?: { readonly declared: number; readonly ready: number };
}

/** What became of one server of a Gateway. */
export interface ServerStatus {
  /** `port.number` */
  readonly port: number;
  /** `port.name` */
  readonly name: string;
  readonly reason: Reason;
  /** Missing where all is well. */
  readonly message?: string;
  readonly attachedRoutes: number;
}

/** What analysis says of the object. */
export interface StatusMessage {
  readonly code: string;
  /** The code's name. */
  readonly name: string;
  readonly level: Level;
  readonly message: string;
  readonly documentationUrl: string;
}

/** What one workload finds about one object. */
export interface Report extends Counts {
  readonly findings: readonly Finding[];
  readonly messages: readonly StatusMessage[];
  /** Gateway alone. */
  readonly servers?: readonly ServerStatus[];
}

/** One workload's entry. */
export interface WorkloadStatus extends Omit<Report, "findings"> {
  /** `NAMESPACE/NAME` of the gateway's Service. */
  readonly workload: string;
  readonly conditions: readonly Condition[];
}

/** `status.tcpIngress` */
export interface IngressStatus extends Counts {
  /** By name. */
  readonly workloads: readonly WorkloadStatus[];
}

/** Istio's AnalysisMessageBase: its CRD refuses other levels and drops other fields. */
export interface ValidationMessage {
  readonly type: { readonly code: string; readonly name: string };
  readonly level: "ERROR" | "WARNING" | "INFO";
  readonly documentationUrl: string;
}

/** `status`, as far as it is ours (Istio's IstioStatus, and `tcpIngress`). */
export interface ObjectStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly validationMessages?: readonly ValidationMessage[];
  readonly tcpIngress?: IngressStatus;
}
