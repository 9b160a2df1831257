import { messageOf } from "../catalogue.ts";
import type { Message } from "../message.ts";
import type { Deployment, Objects, Service } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import { selects } from "../selector.ts";
import type { Analyzer } from "./analyzer.ts";
import { hasProxy, injectionLabel, ownInjection } from "./injection.ts";

/** IST0116 and IST0137: Services share a Deployment of the mesh and disagree about its ports. */
export const sharedDeployments: Analyzer = {
  subject: "Services that share a Deployment",
  concerns: () => true,
  needs: [],
  *check(objects) {
    for (const deployment of objects.deployments) {
      if (!isInMesh(deployment, objects)) continue;
      const ports = servicesOf(deployment, objects).flatMap((service) =>
        (service.spec.ports ?? []).map((port) => ({ service: displayName(service), ...port })),
      );
      yield* protocols(deployment, ports);
      yield* targetPorts(deployment, ports);
    }
  },
};

type Port = { service: string } & NonNullable<Service["spec"]["ports"]>[number];

function* protocols(deployment: Deployment, ports: readonly Port[]): Generator<Message> {
  for (const [number, same] of Map.groupBy(ports, ({ port }) => port)) {
    if (new Set(same.map(({ protocol }) => protocol ?? "TCP")).size < 2) continue;
    const services = same.map(({ service }) => service).sort();
    yield messageOf(
      "IST0116",
      about(deployment, ["metadata", "name"]),
      `This deployment ${deployment.metadata.name} is associated with multiple services using port ${number} but different protocols: [${services.join(" ")}]`,
    );
  }
}

function* targetPorts(deployment: Deployment, ports: readonly Port[]): Generator<Message> {
  for (const [target, same] of Map.groupBy(ports, ({ targetPort, port }) => String(targetPort ?? port))) {
    // Of several Services with one port Istio names one.
    const byPort = new Map(same.map(({ port, service }) => [port, service]));
    if (byPort.size < 2) continue;
    const services = [...byPort.values()].sort();
    const numbers = [...byPort.keys()].sort((a, b) => a - b);
    yield messageOf(
      "IST0137",
      about(deployment, ["metadata", "name"]),
      `This deployment ${deployment.metadata.name} is associated with multiple services [${services.join(" ")}] using targetPort ${JSON.stringify(target)} but different ports: [${numbers.join(" ")}].`,
    );
  }
}

function servicesOf({ metadata, spec }: Deployment, objects: Objects): Service[] {
  const labels = spec.template.metadata?.labels ?? {};
  return objects.services.filter(
    (service) =>
      service.metadata.namespace === metadata.namespace &&
      Object.keys(service.spec.selector ?? {}).length > 0 &&
      selects(service.spec.selector, labels),
  );
}

function isInMesh({ metadata, spec }: Deployment, objects: Objects): boolean {
  const { template } = spec;
  if (hasProxy(template.spec?.containers)) return true;
  const own = ownInjection(template.metadata?.labels ?? {}, template.metadata?.annotations ?? {});
  if (own !== undefined) return own === "true";
  return objects.get("Namespace", "", metadata.namespace)?.metadata.labels[injectionLabel] === "enabled";
}
