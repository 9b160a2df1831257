import { qualifyHost } from "../host.ts";
import type { Objects, VirtualService } from "../objects.ts";
import { gatewayKeys } from "../resolve/gateway-names.ts";

/** Which object a declaration is, as far as that is known before its values are. */
export interface Identity {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of a DestinationRule. */
  readonly host?: string;
  /** Others apply it. */
  readonly existing?: true;
}

/** The VirtualServices that refer to objects whose values are not known yet: nothing can be said about these either. */
export function undecided(objects: Objects, unknown: readonly Identity[]): VirtualService[] {
  const gateways = new Set(
    unknown.filter(({ kind }) => kind === "Gateway").map(({ namespace, name }) => `${namespace}/${name}`),
  );
  const hosts = new Set(
    unknown.flatMap(({ kind, namespace, host }) =>
      kind === "DestinationRule" && host !== undefined ? [qualifyHost(host, namespace)] : [],
    ),
  );
  return objects.virtualServices.filter((virtualService) => {
    const { metadata, spec } = virtualService;
    const destinations = [...(spec.tcp ?? []), ...(spec.tls ?? [])].flatMap(({ route }) => route);
    return (
      gatewayKeys(virtualService).some((key) => gateways.has(key)) ||
      destinations.some(({ destination }) => hosts.has(qualifyHost(destination.host, metadata.namespace)))
    );
  });
}
