/** Whose a Gateway is, and what concerns all of it. */
import type { GatewayClass, KubernetesGateway } from "../objects.ts";
import type { Finding } from "./finding.ts";
import type { View } from "../incremental/view.ts";
import { controllerName } from "./names.ts";

export function classOf({ spec }: KubernetesGateway, view: View): GatewayClass | undefined {
  return view.get("GatewayClass", "", spec.gatewayClassName);
}

export function isOurClass({ spec }: GatewayClass): boolean {
  return spec.controllerName === controllerName;
}

/**
 * Whether a Gateway is not somebody else's. One whose class is unknown may be ours: a role of a namespace alone cannot read classes, and the label on the gateway's
 * pods says which class is meant.
 */
export function isOurs(gateway: KubernetesGateway, view: View): boolean {
  const gatewayClass = classOf(gateway, view);
  return gatewayClass === undefined || isOurClass(gatewayClass);
}

/** What is wrong with a class of ours: it names parameters, of which there are none here. */
export function classFindings({ spec }: GatewayClass): Finding[] {
  if (spec.parametersRef === undefined) return [];
  const { kind, name } = spec.parametersRef;
  return [
    {
      code: "TCP0035",
      path: ["spec", "parametersRef"],
      text: `The parameters ${kind} ${name} are not understood and no Gateway of this class is served. Take parametersRef out: the IngressGateway component has all settings`,
      condition: { type: "Accepted", reason: "InvalidParameters" },
    },
  ];
}

/** What is wrong with all of a Gateway of ours, so that none of its listeners is served. */
export function refusals(gateway: KubernetesGateway, view: View): Finding[] {
  const { gatewayClassName, infrastructure } = gateway.spec;
  const gatewayClass = classOf(gateway, view);
  const found: Finding[] = [];
  if (gatewayClass !== undefined && classFindings(gatewayClass).length > 0) {
    found.push({
      code: "TCP0030",
      path: ["spec", "gatewayClassName"],
      text: `Nothing of this Gateway is served as its GatewayClass ${gatewayClassName} is not accepted`,
      condition: { type: "Accepted", reason: "Invalid" },
    });
  }
  if (infrastructure?.parametersRef !== undefined) {
    const { kind, name } = infrastructure.parametersRef;
    found.push({
      code: "TCP0035",
      path: ["spec", "infrastructure", "parametersRef"],
      text: `The parameters ${kind} ${name} are not understood and nothing of this Gateway is served. Take parametersRef out`,
      condition: { type: "Accepted", reason: "InvalidParameters" },
    });
  }
  return found;
}

/** What a Gateway asks for in vain, and is served all the same. */
export function unmetWishes({ spec }: KubernetesGateway): Finding[] {
  return (spec.addresses ?? []).map(({ value, type }, index) => ({
    code: "TCP0037",
    path: ["spec", "addresses", index],
    text: `The address ${value ?? `of type ${type ?? "IPAddress"}`} is not assigned, as the gateway's own Service decides on addresses. Set them there and take addresses out`,
    condition: { type: "Programmed", reason: "AddressNotUsable" },
  }));
}
