/** A large cluster's declarations, the same ones each time: what the routing language is measured on. */

/** An object as an API server has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly creationTimestamp: string;
  };
  readonly [field: string]: unknown;
}

export interface Size {
  readonly virtualServices: number;
  readonly gateways: number;
  readonly endpoints: number;
}

/** The set of the figures in issue 4. */
export const fullSize: Size = { virtualServices: 10_000, gateways: 500, endpoints: 50_000 };

/** A twentieth of it. */
export const quickSize: Size = { virtualServices: 500, gateways: 25, endpoints: 2500 };

const endpointsOfService = 25;
const versions = ["v1", "v2"] as const;
const namespaces = 50;
const istio = "networking.istio.io/v1";
/** 2026-01-01; objects are born a second after one another. */
const epoch = 1_767_225_600_000;

/**
 * Every Gateway has as many TCP ports as it has VirtualServices, one for each; every VirtualService splits a Service by weight between two subsets. Every Gateway selects a pod of its own, behind a Service with its ports. Endpoints are in
 * slices of 25 with a pod each, as metadata alone.
 */
export function generate({ virtualServices, gateways, endpoints }: Size): Manifest[] {
  const services = endpoints / endpointsOfService;
  const ports = virtualServices / gateways;
  let born = 0;
  const metadata = (name: string, namespace: string, labels: Record<string, string> = {}) => ({
    name,
    namespace,
    labels,
    creationTimestamp: new Date(epoch + 1000 * born++).toISOString().replace(".000Z", "Z"),
  });
  return [
    ...range(services).flatMap((index) => service(index, metadata)),
    ...range(gateways).flatMap((index) => gateway(index, ports, metadata)),
    ...range(virtualServices).map((index) => virtualService(index, ports, services, metadata)),
  ];
}

type Metadata = (name: string, namespace: string, labels?: Record<string, string>) => Manifest["metadata"];

function service(index: number, metadata: Metadata): Manifest[] {
  const { name, namespace } = serviceName(index);
  const pods = range(endpointsOfService).map((number) => ({
    name: `${name}-${number}`,
    version: versions[number % versions.length] ?? "",
    address: `10.${128 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`.replace(/^10\.128/, `10.${number}`),
  }));
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: metadata(name, namespace, { app: name }),
      spec: { selector: { app: name }, ports: [{ name: "tcp", port: 5432, targetPort: 5432, protocol: "TCP" }] },
    },
    {
      apiVersion: istio,
      kind: "DestinationRule",
      metadata: metadata(name, namespace),
      spec: {
        host: name,
        trafficPolicy: { connectionPool: { tcp: { maxConnections: 1000, connectTimeout: "5s" } } },
        subsets: versions.map((version) => ({ name: version, labels: { version } })),
      },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: metadata(`${name}-abcde`, namespace, { "kubernetes.io/service-name": name }),
      addressType: "IPv4",
      ports: [{ name: "tcp", port: 5432, protocol: "TCP" }],
      endpoints: pods.map((pod) => ({
        addresses: [pod.address],
        conditions: { ready: true, serving: true, terminating: false },
        nodeName: `node-${index % 100}`,
        targetRef: { kind: "Pod", name: pod.name, namespace },
        zone: `zone-${index % 3}`,
      })),
    },
    ...pods.map((pod) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: metadata(pod.name, namespace, { app: name, version: pod.version }),
    })),
  ];
}

function gateway(index: number, ports: number, metadata: Metadata): Manifest[] {
  const [name, namespace, selector] = [`gateway-${index}`, namespaceOf(index), { gateway: `gateway-${index}` }];
  const numbers = range(ports).map((number) => portOf(index, ports, number));
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: metadata(name, namespace),
      spec: {
        type: "LoadBalancer",
        externalTrafficPolicy: "Local",
        selector,
        ports: numbers.map((port) => ({ name: `tcp-${port}`, port })),
      },
    },
    { apiVersion: "v1", kind: "Pod", metadata: metadata(`${name}-0`, namespace, selector) },
    {
      apiVersion: istio,
      kind: "Gateway",
      metadata: metadata(name, namespace),
      spec: {
        selector,
        servers: numbers.map((number) => ({
          port: { number, name: `tcp-${number}`, protocol: "TCP" },
          hosts: ["*"],
        })),
      },
    },
  ];
}

function virtualService(index: number, ports: number, services: number, metadata: Metadata): Manifest {
  const of = Math.floor(index / ports);
  const { name, namespace } = serviceName(index % services);
  const destination = (subset: string) => ({
    host: `${name}.${namespace}.svc.cluster.local`,
    subset,
    port: { number: 5432 },
  });
  return {
    apiVersion: istio,
    kind: "VirtualService",
    metadata: metadata(`route-${index}`, namespaceOf(of)),
    spec: {
      hosts: ["*"],
      gateways: [`gateway-${of}`],
      tcp: [
        {
          match: [{ port: portOf(of, ports, index % ports) }],
          route: [
            { destination: destination("v1"), weight: 90 },
            { destination: destination("v2"), weight: 10 },
          ],
        },
      ],
    },
  };
}

function serviceName(index: number): { name: string; namespace: string } {
  return { name: `service-${index}`, namespace: namespaceOf(index) };
}

function namespaceOf(index: number): string {
  return `team-${index % namespaces}`;
}

function portOf(gatewayIndex: number, ports: number, number: number): number {
  return 20_000 + gatewayIndex * ports + number;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
