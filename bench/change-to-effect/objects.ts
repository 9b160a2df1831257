import type { Stored } from "../../test/app/support/api-server.ts";

/** Where the two subsets answer. */
export const backends = { v1: "127.0.1.1", v2: "127.0.1.2" } as const;
export type Subset = keyof typeof backends;

const namespace = "default";
const firstPort = 20_000;
const born = (second: number): string =>
  new Date(1_767_225_600_000 + 1000 * second).toISOString().replace(".000Z", "Z");

/** The ports that so many routes are spread over: a gateway has hundreds of ports at most, whatever the number of its routes. */
export function portsOf(routes: number): readonly number[] {
  return Array.from({ length: Math.min(routes, 200) }, (_, index) => firstPort + index);
}

/** The route of a port that connections from this machine take: to one of the subsets. */
export function route(port: number, subset: Subset): Stored {
  return virtualService(`port-${port}`, 0, { port }, subset);
}

/** Every object of a cluster with so many routes; beside {@link route} of each port they are for clients of other subnets. */
export function objects(routes: number, backendPort: number): Stored[] {
  const ports = portsOf(routes);
  const others = Array.from({ length: routes - ports.length }, (_, index) => {
    const port = ports[index % ports.length] ?? firstPort;
    const sourceSubnet = `10.${(index >> 8) & 255}.${index & 255}.0/24`;
    return virtualService(`other-${index}`, 1 + index, { port, sourceSubnet }, "v1");
  });
  return [
    ...Object.keys(backends).map((version) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: version, namespace, labels: { version }, creationTimestamp: born(0) },
    })),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "backend", namespace, creationTimestamp: born(0) },
      spec: { selector: { app: "backend" }, ports: [{ name: "tcp", port: 5432, targetPort: backendPort }] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: "backend-1", namespace, labels: { "kubernetes.io/service-name": "backend" } },
      addressType: "IPv4",
      ports: [{ name: "tcp", port: backendPort, protocol: "TCP" }],
      endpoints: Object.entries(backends).map(([name, address]) => ({
        addresses: [address],
        conditions: { ready: true, serving: true, terminating: false },
        targetRef: { kind: "Pod", name, namespace },
      })),
    },
    {
      apiVersion: "networking.istio.io/v1",
      kind: "DestinationRule",
      metadata: { name: "backend", namespace, creationTimestamp: born(0) },
      spec: { host: "backend", subsets: Object.keys(backends).map((name) => ({ name, labels: { version: name } })) },
    },
    ...[...Map.groupBy(ports, gatewayOf)].map(([name, numbers]) => ({
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      metadata: { name, namespace, creationTimestamp: born(0) },
      spec: {
        selector: { istio: "ingressgateway" },
        servers: numbers.map((number) => ({ port: { number, name: `tcp-${number}`, protocol: "TCP" }, hosts: ["*"] })),
      },
    })),
    ...ports.map((port) => route(port, "v1")),
    ...others,
  ];
}

/** The Gateway of a port; one has twenty. */
function gatewayOf(port: number): string {
  return `gateway-${Math.floor((port - firstPort) / 20)}`;
}

function virtualService(
  name: string,
  age: number,
  match: { port: number; sourceSubnet?: string },
  subset: Subset,
): Stored {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name, namespace, creationTimestamp: born(age) },
    spec: {
      hosts: ["*"],
      gateways: [gatewayOf(match.port)],
      tcp: [{ match: [match], route: [{ destination: { host: "backend", port: { number: 5432 }, subset } }] }],
    },
  };
}
