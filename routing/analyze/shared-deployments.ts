import { messageOf } from "../catalogue.ts";
import type { View } from "../incremental/view.ts";
import type { Message } from "../message.ts";
import type { Deployment, Service } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";
import { servicesSelecting } from "./gateway-services.ts";
import { hasProxy, injectionLabel, isWaypoint, ownInjection } from "./injection.ts";

/** IST0116 and IST0137: Services share a Deployment of the mesh and disagree about its ports. */
export const sharedDeployments: Analyzer<"Deployment"> = {
  subject: "Services that share a Deployment",
  kind: "Deployment",
  needs: [],
  *check(deployment, view) {
    if (isWaypoint(deployment.metadata.labels) || !isInMesh(deployment, view)) return;
    const ports = servicesSelecting(view, deployment.metadata.namespace, labelsOf(deployment)).flatMap((service) =>
      (service.spec.ports ?? []).map((port) => ({ service: displayName(service), ...port })),
    );
    yield* protocols(deployment, ports);
    yield* targetPorts(deployment, ports);
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
  for (const [target, same] of Map.groupBy(ports, ({ targetPort, port }) => String(targetPort || port))) {
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

function labelsOf({ spec }: Deployment): Readonly<Record<string, string>> {
  return spec.template.metadata?.labels ?? {};
}

function isInMesh({ metadata, spec }: Deployment, view: View): boolean {
  const { template } = spec;
  if (hasProxy(template.spec?.containers)) return true;
  const own = ownInjection(labelsOf({ metadata, spec } as Deployment), template.metadata?.annotations ?? {});
  if (own !== undefined) return own === "true";
  return view.get("Namespace", "", metadata.namespace)?.metadata.labels[injectionLabel] === "enabled";
}
