/** Which Services lead to a Gateway's pods. */
import { sortByAge } from "../age.ts";
import type { View } from "../incremental/view.ts";
import type { Gateway, Service } from "../objects.ts";
import { labelKeys, servicesBySelector } from "../resolve/object-index.ts";
import { selects } from "../selector.ts";
import { podsOfGateway } from "./pod-templates.ts";

type Labels = Readonly<Record<string, string>>;

/** Services that select pods of the Gateway; Services select pods of their own namespace only. */
export function servicesOfGateway(view: View, gateway: Gateway): readonly Service[] {
  const services = podsOfGateway(view, gateway).flatMap(({ owner, labels }) =>
    servicesSelecting(view, owner.metadata.namespace, labels),
  );
  return sortByAge(new Set(services));
}

/** Services of a namespace whose selector chooses pods with these labels. */
export function servicesSelecting(view: View, namespace: string, labels: Labels): readonly Service[] {
  const found = labelKeys(labels).flatMap((key) => view.find(servicesBySelector, `${namespace}|${key}`));
  return sortByAge(new Set(found)).filter(({ spec }) => selects(spec.selector, labels));
}

/** TCP ports of a Service. */
export function tcpPorts({ spec }: Service): { port: number; target: number }[] {
  return (spec.ports ?? [])
    .filter(({ protocol }) => (protocol ?? "TCP") === "TCP")
    .map(({ port, targetPort }) => ({ port, target: typeof targetPort === "number" ? targetPort : port }));
}
