import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

// The SDK would take it as the provider's kubeconfig, which is at odds with rendering.
delete process.env["KUBECONFIG"];

/** Where the objects of these programs go: to files in a folder, so that a test sees what was made of each. */
export const inFolder = {
  provider: new k8s.Provider("folder", { renderYamlToDirectory: new pulumi.Config().require("folder") }),
};

const labels = { app: "web" };

/** A Deployment that the pack has nothing against. */
export function createDeployment(image: pulumi.Input<string>, privileged = false): void {
  const container = {
    name: "web",
    image,
    securityContext: {
      allowPrivilegeEscalation: privileged,
      privileged,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    },
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "16Mi" } },
    readinessProbe: { tcpSocket: { port: 8080 } },
    livenessProbe: { tcpSocket: { port: 8080 } },
  };
  const spec = {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: labels },
      },
    ],
    containers: [container],
  };
  new k8s.apps.v1.Deployment(
    "web",
    {
      metadata: { name: "web", labels },
      spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
    inFolder,
  );
  new k8s.policy.v1.PodDisruptionBudget(
    "web",
    { metadata: { name: "web", labels }, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
    inFolder,
  );
  new k8s.networking.v1.NetworkPolicy(
    "web",
    { metadata: { name: "web", labels }, spec: { podSelector: { matchLabels: labels }, policyTypes: ["Ingress"] } },
    inFolder,
  );
}
