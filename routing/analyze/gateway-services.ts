/** Which Services lead to a Gateway's pods. */
import type { Gateway, Objects, Service } from "../objects.ts";
import { selects } from "../selector.ts";
import { podsOfGateway, type PodTemplate } from "./pod-templates.ts";

/** Services that select pods of the Gateway; Services select pods of their own namespace only. */
export function servicesOfGateway(gateway: Gateway, pods: readonly PodTemplate[], objects: Objects): Service[] {
  const own = podsOfGateway(gateway, pods);
  return objects.services.filter(
    ({ metadata, spec }) =>
      Object.keys(spec.selector ?? {}).length > 0 &&
      own.some(
        ({ owner, labels }) => owner.metadata.namespace === metadata.namespace && selects(spec.selector, labels),
      ),
  );
}

/** TCP ports of a Service. */
export function tcpPorts({ spec }: Service): { port: number; target: number }[] {
  return (spec.ports ?? [])
    .filter(({ protocol }) => (protocol ?? "TCP") === "TCP")
    .map(({ port, targetPort }) => ({ port, target: typeof targetPort === "number" ? targetPort : port }));
}
