/** What the load balancers of the clouds have to be told, over and above a plain Service of type LoadBalancer. */
import { healthPort } from "./ports.ts";

/** Where the load balancer comes from. */
export type LoadBalancerPreset = "aws" | "gcp" | "azure" | "metallb" | "none";

export interface LoadBalancerOptions {
  /**
   * `aws` is for the AWS Load Balancer Controller (a Network Load Balancer with pods as targets), `gcp` for GKE, `azure` for AKS. `metallb` and `none` (the default)
   * need nothing beyond the Service.
   */
  readonly preset?: LoadBalancerPreset;
  /** Reachable from the cloud's own network only; false by default. Not for `metallb` and `none`, which know no difference. */
  readonly internal?: boolean;
  /** CIDR blocks that may connect; every address by default. */
  readonly sourceRanges?: readonly string[];
  /**
   * Silence on a connection, in seconds, after which the gateway probes its peer (TCP keepalive), so that no load balancer takes the connection for dead; 0: never. By default what the
   * preset needs: 240 for `aws`, 480 for `gcp`, 150 for `azure`, else 0.
   */
  readonly keepaliveSeconds?: number;
  /** More annotations, which win over the preset's. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Refuses to delete or replace it, as clients know its address; by default as the component's option `protect` says. */
  readonly protect?: boolean;
  /** `Local`, the default, keeps the client's address and sends nothing to nodes without a gateway pod. */
  readonly externalTrafficPolicy?: "Local" | "Cluster";
}

interface Preset {
  annotations(
    ports: readonly number[],
    facts: { readonly internal: boolean; readonly dualStack: boolean },
  ): Record<string, string>;
  /**
   * Seconds of silence before a probe; 0: none. Some load balancers forget a connection that is silent for too long, whatever they are told by annotations. A probe that is lost
   * is repeated after 75 s (tcp(7)), which has to come in time too.
   */
  readonly keepaliveSeconds: number;
  readonly notice: Notice;
}

/** How a load balancer finds out that a pod is to go; all in seconds. */
interface Notice {
  /** From one probe to the next. */
  readonly interval: number;
  /** So many failures in a row take a target out. */
  readonly failures: number;
  /** How long an answer to a probe may take. */
  readonly timeout: number;
  /** Until what was found out counts everywhere. */
  readonly settle: number;
}

/** Nobody probes: kube-proxy hears from the API server that a pod is to go, and changes a node's rules within a second or two (`minSyncPeriod` of its configuration is 1 s). */
const nodesAlone: Notice = { interval: 0, failures: 0, timeout: 0, settle: 5 };

/**
 * `externalTrafficPolicy: Local` makes GKE, AKS and others ask the node's `healthCheckNodePort`, where kube-proxy answers for as long as a pod on that node is ready: the
 * readiness port at one remove (https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip).
 */
const presets: Record<LoadBalancerPreset, Preset> = {
  // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
  aws: {
    annotations: (ports, { internal, dualStack }) => ({
      ...aws("type", "external"),
      ...aws("nlb-target-type", "ip"),
      ...aws("scheme", internal ? "internal" : "internet-facing"),
      ...(dualStack ? aws("ip-address-type", "dualstack") : {}),
      // Pods as targets lose the client's address unless told to keep it.
      ...aws("target-group-attributes", "preserve_client_ip.enabled=true"),
      ...aws("healthcheck-protocol", "http"),
      ...aws("healthcheck-port", String(healthPort)),
      ...aws("healthcheck-path", "/healthz/ready"),
      ...aws("healthcheck-interval", "10"),
      ...aws("healthcheck-healthy-threshold", "2"),
      ...aws("healthcheck-unhealthy-threshold", "2"),
      // Istio's idle timeout; the default is 350 s, and older controllers know no other.
      ...Object.assign(
        {},
        ...ports.map((port) => aws(`listener-attributes.TCP-${port}`, "tcp.idle_timeout.seconds=3600")),
      ),
    }),
    // The probes are those of the annotations above, with the timeout that HTTP probes have by default. What tells first is the controller, which deregisters a pod that is to go: new connections
    // may come for another two minutes, as https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/2366 and 3270 measured.
    notice: { interval: 10, failures: 2, timeout: 6, settle: 120 },
    keepaliveSeconds: 240,
  },
  // https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
  gcp: {
    annotations: (_ports, { internal }): Record<string, string> =>
      internal ? { "networking.gke.io/load-balancer-type": "Internal" } : { "cloud.google.com/l4-rbs": "enabled" },
    // `externalTrafficPolicy: Cluster` has these probes, `Local` quicker ones of 3 s (ingress-gce, pkg/healthchecksl4).
    notice: { interval: 8, failures: 3, timeout: 1, settle: 5 },
    // Connection tracking forgets after 10 min: https://cloud.google.com/load-balancing/docs/passthrough-network-load-balancer
    keepaliveSeconds: 480,
  },
  // https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
  azure: {
    annotations: (_ports, { internal }) => ({
      ...(internal ? azure("internal", "true") : {}),
      // Minutes; 4 by default, and 30 the most that every kind of Azure load balancer takes.
      ...azure("tcp-idle-timeout", "30"),
    }),
    // cloud-provider-azure, pkg/consts (HealthProbeDefaultProbeInterval, HealthProbeDefaultNumOfProbe); an answer may take as long as the interval.
    notice: { interval: 5, failures: 2, timeout: 5, settle: 5 },
    keepaliveSeconds: 150,
  },
  metallb: { annotations: () => ({}), notice: nodesAlone, keepaliveSeconds: 0 },
  none: { annotations: () => ({}), notice: nodesAlone, keepaliveSeconds: 0 },
};

/** Annotations of the Service. */
export function annotationsOf(
  { preset = "none", internal = false, annotations = {} }: LoadBalancerOptions,
  ports: readonly number[],
  dualStack: boolean,
): Record<string, string> {
  return { ...presets[preset].annotations(ports, { internal, dualStack }), ...annotations };
}

/** For how long a draining pod has to serve new connections, in seconds, as the load balancer may still send some. */
export function noticeSeconds({ preset = "none" }: LoadBalancerOptions): number {
  const { interval, failures, timeout, settle } = presets[preset].notice;
  return interval * failures + timeout + settle;
}

/** Silence on a connection after which its peer is probed, in seconds; 0: never. */
export function keepaliveSecondsOf({ preset = "none", keepaliveSeconds }: LoadBalancerOptions): number {
  return keepaliveSeconds ?? presets[preset].keepaliveSeconds;
}

function aws(name: string, value: string): Record<string, string> {
  return { [`service.beta.kubernetes.io/aws-load-balancer-${name}`]: value };
}

function azure(name: string, value: string): Record<string, string> {
  return { [`service.beta.kubernetes.io/azure-load-balancer-${name}`]: value };
}
