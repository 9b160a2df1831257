import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { declareWorkload } from "./analysis/workload.ts";
import { createDisruptionBudget, topologySpread } from "./availability.ts";
import type { ServiceReference } from "./destination-rule.ts";
import { imageName, platformAffinity, type Image } from "./image.ts";
import { commonLabels } from "./labels.ts";
import { containerSecurityContext, fromField, podSecurityContext } from "./pod-security.ts";

/** The port that the container listens on and the Service has. */
const port = 3333;

/** Where kubelet asks whether it listens: on the other port every probe would be one more connection in its log. */
const probePort = 3334;

export interface TcpEchoArgs<Version extends string> {
  readonly image: Image;
  /** A Deployment is made for each, and its pods carry it as the label `version`. */
  readonly versions: readonly Version[];
  /** `default` by default. */
  readonly namespace?: string;
  /** Pods of each version; 1 by default. */
  readonly replicas?: pulumi.Input<number>;
  /** More labels of the pods. */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Names of the Secrets that the image is pulled with. */
  readonly imagePullSecrets?: readonly string[];
}

/** The sample workload: greets whoever connects with the name of its pod, and echoes. One Service over several versions. */
export class TcpEcho<const Version extends string = string> extends pulumi.ComponentResource {
  /** The Service over all versions, for {@link DestinationRule}. */
  readonly service: ServiceReference;
  readonly versions: readonly Version[];

  constructor(name: string, args: TcpEchoArgs<Version>, options?: pulumi.ComponentResourceOptions) {
    super("tcp-ingress:index:TcpEcho", name, {}, options);
    const namespace = args.namespace ?? "default";
    const app = { app: name };
    const common = { ...commonLabels(name, "tcp-echo"), ...app };
    this.service = { name, namespace, port };
    this.versions = args.versions;
    const service = {
      metadata: { name, namespace, labels: common },
      spec: {
        type: "ClusterIP",
        selector: app,
        ports: [{ name: "tcp", protocol: "TCP", port, targetPort: port }],
      },
    };
    declareWorkload(this, "v1", "Service", service);
    new k8s.core.v1.Service(name, service, { parent: this });
    new k8s.networking.v1.NetworkPolicy(
      name,
      {
        metadata: service.metadata,
        spec: {
          podSelector: { matchLabels: app },
          // Pods of any namespace may connect; it speaks to nobody of its own accord.
          policyTypes: ["Ingress", "Egress"],
          ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port }] }],
        },
      },
      { parent: this },
    );
    for (const version of args.versions) {
      const labels = { ...app, version };
      const podLabels = { ...args.podLabels, ...labels };
      const metadata = { name: `${name}-${version}`, namespace, labels: { ...common, version } };
      const template = { metadata: { labels: podLabels } };
      declareWorkload(this, "apps/v1", "Deployment", { metadata, spec: { template } });
      new k8s.apps.v1.Deployment(
        metadata.name,
        {
          metadata,
          spec: {
            replicas: args.replicas ?? 1,
            selector: { matchLabels: labels },
            template: { ...template, spec: podSpec(name, args, labels) },
          },
        },
        { parent: this },
      );
      createDisruptionBudget(this, metadata, labels);
    }
    this.registerOutputs({ service: this.service });
  }
}

function podSpec(
  name: string,
  { image, imagePullSecrets }: TcpEchoArgs<string>,
  selector: Readonly<Record<string, string>>,
): k8s.types.input.core.v1.PodSpec {
  const probe = { tcpSocket: { port: probePort } };
  return {
    // It speaks to nobody but its clients.
    automountServiceAccountToken: false,
    securityContext: podSecurityContext,
    affinity: platformAffinity(image),
    topologySpreadConstraints: topologySpread(selector),
    imagePullSecrets: imagePullSecrets?.map((secret) => ({ name: secret })),
    containers: [
      {
        name: `${name}-container`,
        image: imageName(image),
        ports: [{ name: `${name}-port`, containerPort: port }],
        env: [
          { name: "TCP_PORT", value: String(port) },
          { name: "PROBE_PORT", value: String(probePort) },
          fromField("NODE_NAME", "spec.nodeName"),
          fromField("POD_NAME", "metadata.name"),
          fromField("POD_NAMESPACE", "metadata.namespace"),
          fromField("POD_IP", "status.podIP"),
          fromField("SERVICE_ACCOUNT", "spec.serviceAccountName"),
        ],
        startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { ...probe, periodSeconds: 5, timeoutSeconds: 3 },
        livenessProbe: { ...probe, periodSeconds: 10, failureThreshold: 6, timeoutSeconds: 5 },
        resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "128Mi" } },
        securityContext: containerSecurityContext,
      },
    ],
  };
}
