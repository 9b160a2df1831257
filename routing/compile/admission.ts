/** Holds Gateways and VirtualServices to the claims of a workload: which namespaces may use which port. */
import { messageOf } from "../catalogue.ts";
import { claimants, formatClaimants, isClaimant, type Use } from "../claims.ts";
import type { View } from "../incremental/view.ts";
import type { Message } from "../message.ts";
import type { DeclaredObject, FieldPath, VirtualService } from "../objects.ts";
import { about, displayName } from "../resolve/about.ts";
import type { Workload } from "../workload.ts";
import type { BoundServer } from "./servers.ts";

/** Whether a server may open its port. */
export function mayOpen(view: View, workload: Workload, { gateway, server }: BoundServer): boolean {
  return may(view, workload, "gatewaysFrom", gateway, server.port.number);
}

/** Whether a VirtualService may route what comes to the port of a server. */
export function mayRoute(
  view: View,
  workload: Workload,
  virtualService: VirtualService,
  { server }: BoundServer,
): boolean {
  return may(view, workload, "routesFrom", virtualService, server.port.number);
}

/** Says who may open the port of a server that is refused. */
export function gatewayRefusal(workload: Workload, { gateway, index, server }: BoundServer): Message {
  return refusal(workload, "gatewaysFrom", gateway, ["spec", "servers", index, "port", "number"], server.port.number);
}

/** Says who may route what comes to the port of a server. */
export function routeRefusal(
  workload: Workload,
  virtualService: VirtualService,
  { gateway, server }: BoundServer,
): Message {
  const path = ["spec", "gateways"];
  return refusal(
    workload,
    "routesFrom",
    virtualService,
    path,
    server.port.number,
    ` of Gateway ${displayName(gateway)}`,
  );
}

function may(view: View, { claims }: Workload, use: Use, { metadata }: DeclaredObject, port: number): boolean {
  const allowed = claimants(claims, use, port);
  if (allowed === undefined) return true;
  return isClaimant(allowed, metadata.namespace, view.get("Namespace", "", metadata.namespace));
}

function refusal(
  { claims }: Workload,
  use: Use,
  object: DeclaredObject,
  path: FieldPath,
  port: number,
  where = "",
): Message {
  const text = `Namespace ${object.metadata.namespace} may not ${use === "gatewaysFrom" ? "open" : "route"} port ${port}${where}, which the claims of the ingress gateway leave to ${formatClaimants(claimants(claims, use, port) ?? [])}. Use another port, or ask whoever runs the gateway to add the namespace to ${use}`;
  return messageOf("TCP0040", about(object, path), text);
}
