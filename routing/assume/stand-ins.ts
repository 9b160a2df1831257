import { annotationPrefix } from "../annotations/definitions.ts";
import { qualifyHost, serviceHost } from "../host.ts";
import type { AnyObject, Gateway, Objects, Service, VirtualService } from "../objects.ts";
import { parseObject } from "../parse/object.ts";
import { gatewayKeys } from "../resolve/gateway-names.ts";
import { selects } from "../selector.ts";

/** What the stack counts on and does not declare itself. */
export interface Assumptions {
  /** Stand-ins, so that the checks speak of what the stack can know. */
  readonly objects: readonly AnyObject[];
  /** What a preview can't tell: `that pg.payments.svc.cluster.local exists`. */
  readonly unchecked: readonly string[];
}

/**
 * Others bring part of what a stack's routes need: Services of other teams, gateway pods of other stacks. A preview takes it for granted that they exist, and says so.
 *
 * @param objects what the stack declares
 * @param served keys (`namespace/name`) of the Gateways that an ingress gateway of this stack has been given, and must therefore be selected by
 */
export function assume(objects: Objects, served: ReadonlySet<string>): Assumptions {
  const hosts = foreignHosts(objects, objects.virtualServices);
  const deserted = servicesWithoutPods(objects);
  return {
    objects: [
      ...standIns(hosts),
      ...standInsForGatewayPods(objects, served),
      ...standInsForEndpoints(objects, new Set(deserted.map(serviceHost))),
    ],
    unchecked: [
      ...[...hosts.keys()].sort().map((host) => `that ${host} exists`),
      ...deserted.map(({ metadata: { namespace, name } }) => `that Service ${namespace}/${name} has pods`),
    ],
  };
}

/** Stand-ins for what VirtualServices lead to and a set of objects does not declare. */
export function standInsForHosts(objects: Objects, virtualServices: readonly VirtualService[]): AnyObject[] {
  return standIns(foreignHosts(objects, virtualServices));
}

function standIns(hosts: ReadonlyMap<string, ReadonlySet<number>>): AnyObject[] {
  return [...hosts].map(([host, ports]) => standInForHost(host, ports));
}

/** The ports that destinations name, by the hosts that the stack does not declare. */
function foreignHosts(objects: Objects, virtualServices: readonly VirtualService[]): Map<string, Set<number>> {
  const own = new Set([
    ...objects.services.map(({ metadata }) => qualifyHost(metadata.name, metadata.namespace)),
    ...objects.serviceEntries.flatMap(({ spec }) => spec.hosts),
  ]);
  const hosts = new Map<string, Set<number>>();
  for (const { spec, metadata } of virtualServices) {
    for (const { destination } of [...(spec.tcp ?? []), ...(spec.tls ?? [])].flatMap(({ route }) => route)) {
      const host = qualifyHost(destination.host, metadata.namespace);
      if (own.has(host)) continue;
      const ports = hosts.get(host) ?? new Set();
      if (destination.port !== undefined) ports.add(destination.port.number);
      hosts.set(host, ports);
    }
  }
  return hosts;
}

function standInForHost(host: string, ports: ReadonlySet<number>): AnyObject {
  const [name = "", namespace = "", service] = host.split(".");
  // A host whose destinations name no port must have a single one, whichever.
  const numbers = ports.size === 0 ? [1] : [...ports];
  if (service !== "svc") {
    const spec = {
      hosts: [host],
      ports: numbers.map((number) => ({ number, name: `tcp-${number}`, protocol: "TCP" })),
      resolution: "DNS",
    };
    return objectOf({
      apiVersion: "networking.istio.io/v1",
      kind: "ServiceEntry",
      metadata: { name: host, namespace: "default" },
      spec,
    });
  }
  const spec = { ports: numbers.map((port) => ({ name: `tcp-${port}`, port })) };
  return objectOf({ apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec });
}

/** The pods of other stacks' ingress gateways, and the Service in front of them. */
function standInsForGatewayPods(objects: Objects, served: ReadonlySet<string>): AnyObject[] {
  return objects.gateways
    .filter(({ metadata }) => !served.has(`${metadata.namespace}/${metadata.name}`))
    .flatMap(({ metadata: { name, namespace }, spec: { selector = {}, servers } }) => {
      const metadata = { name: `gateway-of-${name}`, namespace, labels: selector };
      const ports = [...new Set(servers.map(({ port }) => port.number))].map((port) => ({ name: `tcp-${port}`, port }));
      return [
        objectOf({ apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [] } }),
        objectOf({ apiVersion: "v1", kind: "Service", metadata, spec: { selector, ports } }),
      ];
    });
}

/** Stand-ins for the Gateways of others that VirtualServices name, so that these compile: each opens what its VirtualServices ask for, on pods of its own. */
export function standInsForGateways(objects: Objects): Gateway[] {
  const opened = new Map<string, Map<number, "TCP" | "TLS">>();
  for (const virtualService of objects.virtualServices) {
    for (const key of gatewayKeys(virtualService)) {
      const [namespace = "", name = ""] = key.split("/");
      if (objects.get("Gateway", namespace, name) !== undefined) continue;
      const ports = opened.get(key) ?? new Map<number, "TCP" | "TLS">();
      opened.set(key, ports);
      const { tcp = [], tls = [] } = virtualService.spec;
      // A match without a port is for any.
      for (const { port = 1 } of tcp.flatMap(({ match = [{}] }) => match)) ports.set(port, "TCP");
      for (const { port = 2 } of tls.flatMap(({ match }) => match)) ports.set(port, "TLS");
    }
  }
  return Array.from(opened, ([key, ports]) => gatewayOfOthers(key, ports));
}

function gatewayOfOthers(key: string, ports: ReadonlyMap<number, "TCP" | "TLS">): Gateway {
  const [namespace = "", name = ""] = key.split("/");
  const servers = Array.from(ports, ([number, protocol]) => ({
    port: { number, name: `port-${number}`, protocol },
    hosts: ["*"],
    ...(protocol === "TLS" && { tls: { mode: "PASSTHROUGH" as const } }),
  }));
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name, namespace, labels: {}, annotations: {}, creationTimestamp: undefined, generation: undefined },
    spec: { selector: { [`${annotationPrefix}gateway-of-others`]: key }, servers },
    origin: { namespaceImplied: false, reference: () => undefined },
  };
}

/** Services that choose pods, and none of the stack's. */
function servicesWithoutPods({ services, deployments, pods }: Objects): Service[] {
  const workloads = [
    ...pods.map(({ metadata: { namespace, labels } }) => ({ namespace, labels })),
    ...deployments.map(({ metadata: { namespace }, spec }) => ({
      namespace,
      labels: spec.template.metadata?.labels ?? {},
    })),
  ];
  return services.filter(
    ({ metadata, spec: { selector = {} } }) =>
      Object.keys(selector ?? {}).length > 0 &&
      !workloads.some(({ namespace, labels }) => namespace === metadata.namespace && selects(selector, labels)),
  );
}

/** A pod for each subset of Services whose pods others bring. */
function standInsForEndpoints(objects: Objects, hosts: ReadonlySet<string>): AnyObject[] {
  return objects.destinationRules.flatMap(({ metadata: { namespace }, spec: { host, subsets = [] } }) => {
    const qualified = qualifyHost(host, namespace);
    const service = objects.services.find((one) => serviceHost(one) === qualified);
    if (service === undefined || !hosts.has(qualified)) return [];
    return [{ name: "any", labels: {} }, ...subsets].map(({ name, labels }) =>
      objectOf({
        apiVersion: "v1",
        kind: "Pod",
        metadata: {
          name: `${service.metadata.name}-${name}`,
          namespace: service.metadata.namespace,
          labels: { ...service.spec.selector, ...labels },
        },
        spec: { containers: [] },
      }),
    );
  });
}

function objectOf(manifest: object): AnyObject {
  const { object, messages } = parseObject(manifest);
  if (object === undefined) throw new Error(`Cannot make a stand-in: ${messages.map((m) => m.message).join("; ")}`);
  return object;
}
