/** The `status` that the Gateway API wants of a controller for its GatewayClasses and routes. */
import type { View } from "../incremental/view.ts";
import type { GatewayClass } from "../objects.ts";
import { resolveHostPort } from "../resolve/destination.ts";
import { parentStates, type ParentRef, type Route } from "./attachment.ts";
import { backendStates } from "./backends.ts";
import { conditionOf, problemOf, type Condition, type Problem } from "./condition.ts";
import { classFindings, isOurClass } from "./gateways.ts";
import { controllerName } from "./names.ts";

export interface GatewayClassStatus {
  readonly conditions: readonly Condition[];
}

export interface RouteStatus {
  /** Ours: the entries of other controllers are theirs. */
  readonly parents: readonly {
    readonly parentRef: ParentRef;
    readonly controllerName: string;
    readonly conditions: readonly Condition[];
  }[];
}

/** The status of a GatewayClass; undefined: it is another controller's. */
export function gatewayClassStatus(gatewayClass: GatewayClass): GatewayClassStatus | undefined {
  if (!isOurClass(gatewayClass)) return undefined;
  const refusal = problemOf(classFindings(gatewayClass)[0]);
  return {
    conditions: [conditionOf("Accepted", refusal, "Gateway pods that have the label of this class serve its Gateways")],
  };
}

/** What a route's status says of its parents that are ours. */
export function routeStatus(route: Route, view: View): RouteStatus {
  const parents = parentStates(route, view).filter(({ gateway }) => gateway !== undefined);
  const unresolved = parents.length === 0 ? undefined : unresolvedBackend(route, view);
  return {
    parents: parents.map(({ ref, finding }) => ({
      parentRef: ref,
      controllerName,
      conditions: [
        conditionOf("Accepted", problemOf(finding), "The route is attached"),
        conditionOf("ResolvedRefs", unresolved, "All backends exist and may be used"),
      ],
    })),
  };
}

/** The first backend that may not be used, or that does not exist. */
function unresolvedBackend(route: Route, view: View): Problem | undefined {
  for (const { destination, finding } of backendStates(route, view)) {
    if (finding !== undefined) return problemOf(finding);
    const resolved = resolveHostPort(view, destination, route.metadata.namespace);
    if (!("kind" in resolved)) continue;
    const what = resolved.kind === "PortNotFound" ? `has no port ${resolved.port}` : "does not exist";
    const text = `${destination.host} ${what} and its share of the connections is refused`;
    return { reason: "BackendNotFound", text };
  }
  return undefined;
}
