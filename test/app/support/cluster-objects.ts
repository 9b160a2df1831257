/** Objects of the scenario as an API server holds them. */
import type { Stored } from "./api-server.ts";

const istio = "networking.istio.io/v1";
const created = { creationTimestamp: "2026-01-01T00:00:00Z" };

export const gateway = (name: string, port: number): Stored => ({
  apiVersion: istio,
  kind: "Gateway",
  metadata: { name, namespace: "default", generation: 1, ...created },
  spec: {
    selector: { istio: "ingressgateway" },
    servers: [{ port: { number: port, name: "tcp", protocol: "TCP" }, hosts: ["*"] }],
  },
});

export const virtualService = (routes: Readonly<Record<string, string>>): Stored => ({
  apiVersion: istio,
  kind: "VirtualService",
  metadata: { name: "tcp-echo", namespace: "default", generation: 1, ...created },
  spec: {
    hosts: ["*"],
    gateways: Object.keys(routes),
    tcp: Object.entries(routes).map(([name, subset]) => ({
      match: [{ gateways: [name] }],
      route: [{ destination: { host: "tcp-echo", port: { number: 3333 }, subset } }],
    })),
  },
});

export const destinationRule = (...subsets: string[]): Stored => ({
  apiVersion: istio,
  kind: "DestinationRule",
  metadata: { name: "tcp-echo", namespace: "default", generation: 1, ...created },
  spec: { host: "tcp-echo", subsets: subsets.map((name) => ({ name, labels: { version: name } })) },
});

export const service: Stored = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "tcp-echo", namespace: "default", ...created },
  spec: { selector: { app: "tcp-echo" }, ports: [{ port: 3333, targetPort: 3333, protocol: "TCP" }] },
};

export const gatewayService = (port: number, targetPort: number): Stored => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "ingressgateway", namespace: "ingress", ...created },
  spec: { selector: { istio: "ingressgateway" }, ports: [{ name: "a", port, targetPort, protocol: "TCP" }] },
});

export const pod = (name: string, version: string): Stored => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default", labels: { app: "tcp-echo", version }, ...created },
  spec: { containers: [{ name: "tcp-echo-container" }] },
});

/** @param endpoints - address by pod */
export const endpointSlice = (endpoints: Readonly<Record<string, string>>, port = 3333): Stored => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    name: "tcp-echo-abc",
    namespace: "default",
    labels: { "kubernetes.io/service-name": "tcp-echo" },
    ...created,
  },
  addressType: "IPv4",
  ports: [{ name: "", port, protocol: "TCP" }],
  endpoints: Object.entries(endpoints).map(([name, address]) => ({
    addresses: [address],
    conditions: { ready: true },
    targetRef: { kind: "Pod", name, namespace: "default" },
  })),
});

/** The whole scenario: port 31400 to v1, 31401 to v2. */
export const scenario = (): Stored[] => [
  gateway("gateway-1", 31400),
  gateway("gateway-2", 31401),
  virtualService({ "gateway-1": "v1", "gateway-2": "v2" }),
  destinationRule("v1", "v2"),
  service,
  pod("echo-v1", "v1"),
  pod("echo-v2", "v2"),
  endpointSlice({ "echo-v1": "10.0.0.1", "echo-v2": "10.0.0.2" }),
];
