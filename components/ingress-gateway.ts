import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { classLabel } from "../routing/gateway-api/names.ts";
import type { Claim } from "../routing/claims.ts";
import { currentAnalysis } from "./analysis/stack-analysis.ts";
import { declareWorkload } from "./analysis/workload.ts";
import { createDisruptionBudget } from "./availability.ts";
import { defaultSelector } from "./gateway.ts";
import type { Image } from "./image.ts";
import { createAccess } from "./ingress/access.ts";
import { endpointsAt, type IngressEndpoint } from "./ingress/endpoints.ts";
import { createGatewayClass } from "./ingress/gateway-class.ts";
import { annotationsOf, keepaliveSecondsOf, noticeSeconds, type LoadBalancerOptions } from "./ingress/load-balancer.ts";
import { createNetworkPolicy, type NetworkPolicyOptions } from "./ingress/network-policy.ts";
import type { AccessLogOptions, TracingOptions } from "./ingress/observability.ts";
import { servicePorts, type ServicePort } from "./ingress/ports.ts";
import { deploymentSpec, type DrainOptions, type LogLevel } from "./ingress/workload.ts";
import { commonLabels } from "./labels.ts";

/** What an ingress gateway needs to know of a Gateway. */
export interface ServedGateway {
  readonly objectName: string;
  readonly namespace: string;
  readonly ports: pulumi.Input<readonly number[]>;
}

export interface IngressGatewayArgs {
  /** The gateway's image. */
  readonly image: Image;
  /** Gateways of this program that it serves: their ports are opened in the load balancer. */
  readonly gateways?: readonly ServedGateway[];
  /** More ports to open in the load balancer, for Gateways that others apply. */
  readonly ports?: readonly number[];
  /** `default` by default. */
  readonly namespace?: string;
  /** Labels of the pods, by which Gateways select them; `istio: ingressgateway` by default. */
  readonly selector?: Readonly<Record<string, string>>;
  /**
   * Name of a GatewayClass to make: the pods then also serve the Gateways of this class (gateway.networking.k8s.io), on those of their ports that `ports` names. The cluster has to know the Gateway API's kinds;
   * none by default.
   */
  readonly gatewayClass?: string;
  /** 2 by default. */
  readonly replicas?: pulumi.Input<number>;
  /** Requests and limits of a pod. */
  readonly resources?: pulumi.Input<k8s.types.input.core.v1.ResourceRequirements>;
  /** Namespaces whose routes and Services it reads, to which its own and its Gateways' are added; empty, the default: all of the cluster. */
  readonly watchNamespaces?: readonly string[];
  /** Which namespaces may open its ports, and route what comes to them; a port that no claim names is anyone's. */
  readonly claims?: readonly Claim[];
  /** `separate` where a real Istio shares the cluster: only what this gateway alone serves gets a status; `none` by default. */
  readonly coexist?: "separate" | "none";
  /** `info` by default. */
  readonly logLevel?: pulumi.Input<LogLevel>;
  readonly accessLog?: AccessLogOptions;
  /** Traces of connections by OpenTelemetry; none by default. */
  readonly tracing?: TracingOptions;
  /** Whether each endpoint has metrics of its own; true by default. */
  readonly endpointMetrics?: boolean;
  /**
   * What moves the bytes: Node's own sockets (`net`), or Linux' calls themselves (`epoll`), beside which TLS that ends or begins at the gateway goes by Node's sockets. `auto`, the default, is `epoll` where
   * a test at the start finds that it works, and `net` for a while after two crashes within ten minutes.
   */
  readonly engine?: "auto" | "net" | "epoll";
  /** Threads that move the bytes, up to 999; by default one for each core that the CPU limit of `resources` allows, and no more than its memory limit has room for. */
  readonly workers?: number;
  readonly drain?: DrainOptions;
  readonly loadBalancer?: LoadBalancerOptions;
  readonly networkPolicy?: NetworkPolicyOptions;
  /** IP families of the load balancer; the cluster's default by default. */
  readonly ipFamilyPolicy?: "SingleStack" | "PreferDualStack" | "RequireDualStack";
  /** Names of the Secrets that the image is pulled with. */
  readonly imagePullSecrets?: readonly string[];
}

const defaultResources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "512Mi" } };

/**
 * The gateway pods, and the load balancer in front of them. They serve every Gateway in the cluster that selects them, whoever declares it; the load balancer has the
 * ports of those named here.
 *
 * @example
 * const ingress = new IngressGateway("ingressgateway", { image, gateways: [gateway1, gateway2] });
 * export const endpoints = ingress.endpoints;
 */
export class IngressGateway extends pulumi.ComponentResource {
  /** Addresses and ports, and what is behind them: one address for each IP family, or a DNS name on some clouds. Unknown until the load balancer has one. */
  readonly endpoints: pulumi.Output<IngressEndpoint[]>;
  /** The Service of type LoadBalancer. */
  readonly service: k8s.core.v1.Service;

  /** @param name name of the component and of its Kubernetes objects */
  constructor(name: string, args: IngressGatewayArgs, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:IngressGateway", name, {}, options);
    const namespace = args.namespace ?? "default";
    const gateways = args.gateways ?? [];
    const loadBalancer = args.loadBalancer ?? {};
    // Its own Service and Gateways have to be among what it watches.
    const watchNamespaces =
      args.watchNamespaces === undefined || args.watchNamespaces.length === 0
        ? []
        : [...new Set([...args.watchNamespaces, namespace, ...gateways.map((gateway) => gateway.namespace)])].sort();
    const selector = commonLabels(name);
    const labels = {
      ...selector,
      ...(args.selector ?? defaultSelector),
      ...(args.gatewayClass === undefined ? {} : { [classLabel]: args.gatewayClass }),
      // A real Istio in the cluster must not put a sidecar in front of the gateway.
      "sidecar.istio.io/inject": "false",
    };
    const metadata = { name, namespace, labels: selector };

    if (args.gatewayClass !== undefined) createGatewayClass(this, args.gatewayClass, selector);
    const account = createAccess(this, { name, namespace, labels: selector, watchNamespaces });
    const deployment = {
      metadata,
      spec: deploymentSpec({
        name,
        namespace,
        image: args.image,
        imagePullSecrets: args.imagePullSecrets ?? [],
        labels,
        selector,
        replicas: args.replicas ?? 2,
        resources: args.resources ?? defaultResources,
        watchNamespaces,
        claims: args.claims ?? [],
        coexist: args.coexist ?? "none",
        logLevel: args.logLevel ?? "info",
        observability: {
          accessLog: args.accessLog ?? {},
          tracing: args.tracing,
          endpointMetrics: args.endpointMetrics ?? true,
        },
        engine: args.engine ?? "auto",
        workers: args.workers,
        keepaliveSeconds: keepaliveSecondsOf(loadBalancer),
        drain: {
          graceSeconds: args.drain?.graceSeconds ?? noticeSeconds(loadBalancer),
          seconds: args.drain?.seconds ?? 45,
        },
      }),
    };
    new k8s.apps.v1.Deployment(name, deployment, { parent: this, dependsOn: account });
    createDisruptionBudget(this, metadata, selector);

    const numbers = pulumi
      .all([args.ports ?? [], ...gateways.map(({ ports }) => ports)])
      .apply((lists) => [...new Set(lists.flat())].sort((a, b) => a - b));
    const ports = numbers.apply((open) => portsOf(this, open));
    if (args.networkPolicy?.enabled ?? true) {
      createNetworkPolicy(this, name, { ...args.networkPolicy, metadata, selector, ports });
    }
    const service = {
      metadata,
      spec: {
        type: "LoadBalancer",
        selector,
        ports,
        externalTrafficPolicy: loadBalancer.externalTrafficPolicy ?? "Local",
        ...(loadBalancer.sourceRanges === undefined
          ? {}
          : { loadBalancerSourceRanges: [...loadBalancer.sourceRanges] }),
        ...(args.ipFamilyPolicy === undefined ? {} : { ipFamilyPolicy: args.ipFamilyPolicy }),
      },
    };
    const annotations = numbers.apply((open) => annotationsOf(loadBalancer, open, isDualStack(args.ipFamilyPolicy)));
    this.service = new k8s.core.v1.Service(
      name,
      { ...service, metadata: { ...metadata, annotations } },
      { parent: this, ...(loadBalancer.protect === undefined ? {} : { protect: loadBalancer.protect }) },
    );

    const analysis = currentAnalysis();
    for (const gateway of gateways) analysis.serve({ namespace: gateway.namespace, name: gateway.objectName });
    analysis.claim({ namespace, labels, claims: args.claims });
    declareWorkload(this, "apps/v1", "Deployment", { metadata, spec: { template: { metadata: { labels } } } });
    declareWorkload(this, "v1", "Service", service);

    const hosts = this.service.status.loadBalancer.ingress.apply((ingress) =>
      (ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
    );
    const verdict = analysis.verdict();
    this.endpoints = pulumi
      .all([hosts, numbers])
      .apply(async ([addresses, open]) => endpointsAt(addresses, open, await verdict, { namespace, labels }));
    this.registerOutputs();
  }
}

/** @throws {pulumi.ResourceError} as the numbers may be known only when the constructor is long done */
function portsOf(component: pulumi.Resource, numbers: readonly number[]): ServicePort[] {
  if (numbers.length === 0) {
    const text =
      "Cannot make a load balancer without a port. Name Gateways to serve, or ports of Gateways that others apply";
    throw new pulumi.ResourceError(text, component, true);
  }
  try {
    return servicePorts(numbers);
  } catch (error) {
    throw new pulumi.ResourceError((error as Error).message, component, true);
  }
}

function isDualStack(policy: IngressGatewayArgs["ipFamilyPolicy"]): boolean {
  return policy === "PreferDualStack" || policy === "RequireDualStack";
}
