/** What this gateway calls itself to the Gateway API, and what derived objects are called. */

/** `spec.controllerName` of the GatewayClasses that are ours. */
export const controllerName = "tcp-ingress.dev/gateway-controller";

/** The label of gateway pods that tells the GatewayClass whose Gateways they serve. */
export const classLabel = "tcp-ingress.dev/gateway-class";

/**
 * The name of what is derived from a declared object's part. `+` stands in no name that an API server lets in, and before everything that does, so that derived
 * objects are in the order of those that they were derived from.
 */
export function derivedName(declared: string, part: string): string {
  return `${declared}+${part}`;
}
