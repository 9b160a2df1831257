/** The program that the recordings in test/local/recordings/kubernetes were made with, but for the image, which config names here. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const stage = config.require("stage");
const is = (...stages: string[]) => stages.includes(stage);

const app = { app: "echo" };
const namespace = new k8s.core.v1.Namespace("apps", {
  metadata: { name: "apps", labels: { team: is("update", "replace", "fail") ? "b" : "a" } },
});
const metadata = { namespace: namespace.metadata.name };
new k8s.core.v1.NamespacePatch("default-injection", {
  metadata: {
    name: "default",
    labels: { "istio-injection": "enabled" },
    annotations: { "pulumi.com/patchForce": "true" },
  },
});

const anyObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const definition = new k8s.apiextensions.v1.CustomResourceDefinition("gateways", {
  metadata: { name: "gateways.networking.istio.io" },
  spec: {
    group: "networking.istio.io",
    names: { kind: "Gateway", plural: "gateways", singular: "gateway", shortNames: ["gw"] },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  selector: { type: "object", additionalProperties: { type: "string" } },
                  servers: { type: "array", minItems: 1, items: anyObject },
                },
                required: ["servers"],
              },
              status: anyObject,
            },
          },
        },
      },
    ],
  },
});
const port = is("update") ? 31402 : 31400;
new k8s.apiextensions.CustomResource(
  "tcp-echo-gateway",
  {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name: "tcp-echo-gateway", ...metadata },
    spec: {
      selector: { istio: "ingressgateway" },
      servers: is("invalid") ? [] : [{ port: { number: port, name: "tcp", protocol: "TCP" }, hosts: ["*"] }],
    },
  },
  { dependsOn: definition },
);

const account = new k8s.core.v1.ServiceAccount("gateway", { metadata });
const role = new k8s.rbac.v1.Role("gateway", {
  metadata,
  rules: [
    {
      apiGroups: ["discovery.k8s.io"],
      resources: ["endpointslices"],
      verbs: is("update") ? ["get", "list", "watch"] : ["list", "watch"],
    },
  ],
});
new k8s.rbac.v1.RoleBinding("gateway", {
  metadata,
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
  subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: namespace.metadata.name }],
});
const settings = new k8s.core.v1.ConfigMap("settings", {
  metadata,
  data: { level: is("update") ? "debug" : "info" },
});
const secret = new k8s.core.v1.Secret("tls", { metadata, stringData: { key: pulumi.secret("s3cr3t") } });
new k8s.apps.v1.Deployment("echo", {
  metadata: { ...metadata, annotations: is("fail") ? { "pulumi.com/timeoutSeconds": "15" } : {} },
  spec: {
    selector: { matchLabels: is("replace") ? { ...app, gen: "2" } : app },
    replicas: is("update") ? 3 : 2,
    template: {
      metadata: { labels: { ...app, gen: "2" } },
      spec: {
        serviceAccountName: account.metadata.name,
        containers: [
          {
            name: "echo",
            image: is("fail") ? "localhost/missing:1" : config.require("image"),
            imagePullPolicy: "Never",
            env: [{ name: "LEVEL", valueFrom: { configMapKeyRef: { name: settings.metadata.name, key: "level" } } }],
          },
        ],
      },
    },
  },
});
const inner = new k8s.core.v1.Service("echo", {
  metadata: { name: "tcp-echo", ...metadata },
  spec: { selector: app, ports: [{ name: "tcp", port: 3333, targetPort: 8080 }] },
});
const balancer = new k8s.core.v1.Service("ingress", {
  metadata,
  spec: { type: "LoadBalancer", selector: app, ports: [{ name: "tcp", port, targetPort: 8080 }] },
});
new k8s.policy.v1.PodDisruptionBudget("echo", {
  metadata,
  spec: { minAvailable: 1, selector: { matchLabels: app } },
});
new k8s.networking.v1.NetworkPolicy("echo", {
  metadata,
  spec: { podSelector: { matchLabels: app }, ingress: [{}], policyTypes: ["Ingress"] },
});

export const address = balancer.status.loadBalancer.ingress[0]?.apply(({ ip }) => ip);
export const service = inner.metadata.name;
export const password = secret.data.apply((data) => data["key"]);
