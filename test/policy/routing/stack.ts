import type { TestResource } from "../support/judge.ts";

/** A resource of a stack by its API group and version. */
export function resource(group: string, kind: string, name: string, spec: object, metadata: object = {}): TestResource {
  return { type: `kubernetes:${group}:${kind}`, name, props: { metadata: { name, ...metadata }, spec } };
}

export function gateway(server: object = {}, annotations: Readonly<Record<string, string>> = {}): TestResource {
  const spec = {
    selector: { istio: "ingressgateway" },
    servers: [{ port: { number: 31400, name: "tcp", protocol: "TCP" }, hosts: ["*"], ...server }],
  };
  return resource("networking.istio.io/v1", "Gateway", "echo-gateway", spec, { annotations });
}

/** @param rule what its only rule has: weights, matches */
export function virtualService(rule: object = {}): TestResource {
  const route = [{ destination: { host: "echo", port: { number: 3333 }, subset: "v1" } }];
  const spec = { hosts: ["*"], gateways: ["echo-gateway"], tcp: [{ route, ...rule }] };
  return resource("networking.istio.io/v1", "VirtualService", "echo", spec);
}

/** A rule that splits connections by weights. */
export function split(weights: Readonly<Record<string, number>>): { route: object[] } {
  return {
    route: Object.entries(weights).map(([subset, weight]) => ({
      destination: { host: "echo", port: { number: 3333 }, subset },
      weight,
    })),
  };
}

export function destinationRule(trafficPolicy?: object): TestResource {
  const subsets = ["v1", "v2"].map((version) => ({ name: version, labels: { version } }));
  return resource("networking.istio.io/v1", "DestinationRule", "echo", { host: "echo", subsets, trafficPolicy });
}

/** The Service behind the gateway, which routes lead to. */
export const service = resource("core/v1", "Service", "echo", {
  selector: { app: "echo" },
  ports: [{ name: "tcp", port: 3333 }],
});

/** The gateway's own pods. */
export const gatewayPods = resource("apps/v1", "Deployment", "ingressgateway", {
  template: { metadata: { labels: { istio: "ingressgateway" } }, spec: { containers: [{ name: "gateway" }] } },
});

/** The Service in front of the gateway's pods. */
export function loadBalancer(spec: object = {}): TestResource {
  const ports = [{ name: "tcp", port: 31400 }];
  return resource("core/v1", "Service", "ingressgateway", {
    type: "LoadBalancer",
    selector: { istio: "ingressgateway" },
    ports,
    ...spec,
  });
}

/** A stack that routes 31400 to version v1, in parts that a test may replace: by kind and name the last of two counts. */
export function stackWith(...others: readonly TestResource[]): TestResource[] {
  const all = [gateway(), virtualService(), destinationRule(), service, gatewayPods, loadBalancer(), ...others];
  return [...new Map(all.map((each) => [`${each.type} ${each.name ?? ""}`, each])).values()];
}
