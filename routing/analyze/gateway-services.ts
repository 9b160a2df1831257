/** Which Services lead to a Gateway's pods. */
import type { Gateway, Objects, Service } from "../objects.ts";
import { formatSelector, selects } from "../selector.ts";
import { podsOfGateway } from "./pod-templates.ts";

const found = new WeakMap<Objects, Map<string, readonly Service[]>>();

/** Services that select pods of the Gateway; Services select pods of their own namespace only. */
export function servicesOfGateway(objects: Objects, gateway: Gateway): readonly Service[] {
  const bySelector = found.get(objects) ?? new Map<string, readonly Service[]>();
  found.set(objects, bySelector);
  const key = formatSelector(gateway.spec.selector);
  let services = bySelector.get(key);
  if (services === undefined) {
    services = findServices(objects, gateway);
    bySelector.set(key, services);
  }
  return services;
}

function findServices(objects: Objects, gateway: Gateway): readonly Service[] {
  const pods = Map.groupBy(podsOfGateway(objects, gateway), ({ owner }) => owner.metadata.namespace);
  return objects.services.filter(
    ({ metadata, spec }) =>
      Object.keys(spec.selector ?? {}).length > 0 &&
      (pods.get(metadata.namespace) ?? []).some(({ labels }) => selects(spec.selector, labels)),
  );
}

/** TCP ports of a Service. */
export function tcpPorts({ spec }: Service): { port: number; target: number }[] {
  return (spec.ports ?? [])
    .filter(({ protocol }) => (protocol ?? "TCP") === "TCP")
    .map(({ port, targetPort }) => ({ port, target: typeof targetPort === "number" ? targetPort : port }));
}
