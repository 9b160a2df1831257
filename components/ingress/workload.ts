import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Claim } from "../../routing/claims.ts";
import { topologySpread } from "../availability.ts";
import { imageName, platformAffinity, type Image } from "../image.ts";
import { containerSecurityContext, fromField, podSecurityContext } from "../pod-security.ts";
import { observabilityEnvironment, type Observability } from "./observability.ts";
import { healthPort, metricsPort } from "./ports.ts";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** What a pod that is to go does with its connections. */
export interface DrainOptions {
  /** New connections are still served for so long, in seconds, as load balancers notice late; by default what the load balancer's preset needs. */
  readonly graceSeconds?: number;
  /** After that, established connections get so long to end, in seconds; 45 by default, as with Istio's `terminationDrainDuration` made long enough for databases. */
  readonly seconds?: number;
}

export interface WorkloadArgs {
  readonly name: string;
  readonly namespace: string;
  readonly image: Image;
  readonly imagePullSecrets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The part of the labels that no configuration changes: a Deployment's selector is immutable. */
  readonly selector: Readonly<Record<string, string>>;
  readonly replicas: pulumi.Input<number>;
  readonly resources: pulumi.Input<k8s.types.input.core.v1.ResourceRequirements>;
  readonly watchNamespaces: readonly string[];
  readonly claims: readonly Claim[];
  readonly coexist: "separate" | "none";
  readonly logLevel: pulumi.Input<LogLevel>;
  readonly observability: Observability;
  readonly engine: "auto" | "net" | "epoll";
  /** undefined: as many as the container finds good. */
  readonly workers: number | undefined;
  readonly drain: Required<DrainOptions>;
  /** 0: none. */
  readonly keepaliveSeconds: number;
}

const snapshotFolder = "/var/lib/gateway";

/** Seconds after the drain, for the exit itself: what is left is reset, the log written, the status handed over. */
const exitSeconds = 5;

/**
 * How kubelet finds out that a pod does not serve: after two failures, a second apart. Answers may be slow on a busy machine, which is no failure. It asks `/healthz/serving`, and not what load balancers ask, as
 * kube-proxy sends what still comes to a node to a pod that is to go only as long as that serves (KEP-1669, ProxyTerminatingEndpoints; with `externalTrafficPolicy: Local` it has nowhere else to send it, and
 * clients would wait in vain until the load balancer has noticed). Of a pod that stays (`POST /drain`) it has heard long before the grace is over.
 */
const readiness = { periodSeconds: 1, failureThreshold: 2, timeoutSeconds: 3 };

/** A Deployment's `spec` for the gateway pods. */
export function deploymentSpec(args: WorkloadArgs): k8s.types.input.apps.v1.DeploymentSpec {
  return {
    replicas: args.replicas,
    selector: { matchLabels: { ...args.selector } },
    // A pod goes only after its successor serves.
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: { metadata: { labels: { ...args.labels } }, spec: podSpec(args) },
  };
}

function podSpec(args: WorkloadArgs): k8s.types.input.core.v1.PodSpec {
  const { graceSeconds, seconds } = args.drain;
  return {
    serviceAccountName: args.name,
    // It watches what it serves.
    automountServiceAccountToken: true,
    securityContext: podSecurityContext,
    affinity: platformAffinity(args.image),
    topologySpreadConstraints: topologySpread(args.selector),
    imagePullSecrets: args.imagePullSecrets.map((secret) => ({ name: secret })),
    // SIGTERM starts the drain, whose grace does what others have a preStop hook for.
    terminationGracePeriodSeconds: graceSeconds + seconds + exitSeconds,
    containers: [container(args)],
    volumes: [{ name: "snapshot", emptyDir: { sizeLimit: "64Mi" } }],
  };
}

function container(args: WorkloadArgs): k8s.types.input.core.v1.Container {
  const probe = (path: string) => ({ httpGet: { path, port: healthPort } });
  return {
    name: "gateway",
    image: imageName(args.image),
    env: environment(args),
    ports: [
      { name: "health", containerPort: healthPort },
      { name: "metrics", containerPort: metricsPort },
    ],
    startupProbe: { ...probe("/healthz/ready"), periodSeconds: 1, failureThreshold: 60 },
    readinessProbe: { ...probe("/healthz/serving"), ...readiness },
    livenessProbe: { ...probe("/healthz/live"), periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
    resources: args.resources,
    securityContext: containerSecurityContext,
    volumeMounts: [{ name: "snapshot", mountPath: snapshotFolder }],
  };
}

function environment(args: WorkloadArgs): k8s.types.input.core.v1.EnvVar[] {
  return [
    fromField("POD_NAME", "metadata.name"),
    fromField("POD_NAMESPACE", "metadata.namespace"),
    fromField("POD_IP", "status.podIP"),
    fromField("NODE_NAME", "spec.nodeName"),
    { name: "GATEWAY_LABELS", value: JSON.stringify(args.labels) },
    { name: "GATEWAY_SERVICE", value: args.name },
    { name: "GATEWAY_ENGINE", value: args.engine },
    ...(args.workers === undefined ? [] : [{ name: "GATEWAY_WORKERS", value: String(args.workers) }]),
    { name: "WATCH_NAMESPACES", value: args.watchNamespaces.join(",") },
    { name: "CLAIMS", value: JSON.stringify(args.claims) },
    { name: "COEXIST", value: args.coexist },
    { name: "LOG_LEVEL", value: args.logLevel },
    ...observabilityEnvironment(args.observability),
    { name: "DRAIN_GRACE_SECONDS", value: String(args.drain.graceSeconds) },
    { name: "DRAIN_SECONDS", value: String(args.drain.seconds) },
    { name: "KEEPALIVE_SECONDS", value: String(args.keepaliveSeconds) },
    { name: "SNAPSHOT_DIR", value: snapshotFolder },
    // A container that is started anew has its program compiled already (nodejs.org/api, "Module compile cache").
    { name: "NODE_COMPILE_CACHE", value: `${snapshotFolder}/compile-cache` },
  ];
}
