import type { Service } from "../../routing/objects.ts";

/** Those of a gateway's Services through which it is reached from outside of the cluster. */
export function publicServices(services: readonly Service[]): Service[] {
  return services.filter(({ spec }) => spec.type === "LoadBalancer" || spec.type === "NodePort");
}

/** Whether a gateway is reached from outside of the cluster: so it is taken to be where its Services are others'. */
export function isPublic(services: readonly Service[]): boolean {
  return services.length === 0 || publicServices(services).length > 0;
}
