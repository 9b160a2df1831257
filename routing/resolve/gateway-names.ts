import { meshGateway } from "../host.ts";
import type { VirtualService } from "../objects.ts";

/** `namespace/name` of a Gateway that an object of the namespace names. */
export function gatewayKey(name: string, namespace: string): string {
  return name.includes("/") ? name : `${namespace}/${name}`;
}

/** `namespace/name` of all Gateways that a VirtualService lists. */
export function gatewayKeys({ metadata, spec }: VirtualService): string[] {
  return (spec.gateways ?? [])
    .filter((name) => name !== meshGateway)
    .map((name) => gatewayKey(name, metadata.namespace));
}
