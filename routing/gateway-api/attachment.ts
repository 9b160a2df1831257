/** Which listeners of which Gateways a route is attached to, and why to no other. */
import { covers } from "../host.ts";
import type { FieldPath, KubernetesGateway, TCPRoute, TLSRoute } from "../objects.ts";
import { displayName } from "../resolve/about.ts";
import { notFound } from "../resolve/problem.ts";
import { gatewayApiGroup } from "../schema/gateway-api.ts";
import type { Finding } from "./finding.ts";
import { isOurs, refusals } from "./gateways.ts";
import { matchesLabels } from "./label-selector.ts";
import { listenerStates, type ListenerState } from "./listeners.ts";
import type { View } from "../incremental/view.ts";

export type Route = TCPRoute | TLSRoute;

export type ParentRef = NonNullable<Route["spec"]["parentRefs"]>[number];

/** One listener that takes a route. */
export interface Attachment {
  readonly gateway: KubernetesGateway;
  readonly state: ListenerState;
  /** Whether its port is opened for the route. */
  readonly served: boolean;
  /** Server names (SNI) that it takes for the route; `*` where neither of the two asks for any. */
  readonly hostnames: readonly string[];
}

/** What becomes of one of a route's `parentRefs`. */
export interface ParentState {
  readonly ref: ParentRef;
  /** Place in `spec.parentRefs`. */
  readonly index: number;
  /** undefined: there is none of that name. */
  readonly gateway: KubernetesGateway | undefined;
  readonly attachments: readonly Attachment[];
  /** Why there is no attachment. */
  readonly finding: Finding | undefined;
}

/** What becomes of each of a route's `parentRefs` that leads to a Gateway; those that lead to other controllers' are left out. */
export function parentStates(route: Route, view: View): ParentState[] {
  return (route.spec.parentRefs ?? []).flatMap((ref, index): ParentState[] => {
    if ((ref.group ?? gatewayApiGroup) !== gatewayApiGroup || (ref.kind ?? "Gateway") !== "Gateway") return [];
    const namespace = ref.namespace ?? route.metadata.namespace;
    const gateway = view.get("KubernetesGateway", namespace, ref.name);
    if (gateway === undefined) {
      const name = ref.namespace === undefined && route.origin.namespaceImplied ? ref.name : `${namespace}/${ref.name}`;
      const finding: Finding = {
        code: "IST0101",
        path: ["spec", "parentRefs", index, "name"],
        text: notFound("gateway", name),
      };
      return [{ ref, index, gateway, attachments: [], finding }];
    }
    return isOurs(gateway, view) ? [{ ref, index, gateway, ...attach(route, ref, index, gateway, view) }] : [];
  });
}

function attach(
  route: Route,
  ref: ParentRef,
  index: number,
  gateway: KubernetesGateway,
  view: View,
): Pick<ParentState, "attachments" | "finding"> {
  const path: FieldPath = ["spec", "parentRefs", index];
  const name = `Gateway ${displayName(gateway)}`;
  const states = listenerStates(gateway, view);
  const meant = states.filter(({ listener }) => isMeant(ref, listener));
  if (meant.length === 0) {
    const known = states.map(({ listener }) => `${listener.name} on ${listener.port}`).join(", ");
    const text = `${name} has no listener ${narrowed(ref)}. It has ${known}`;
    const field = ref.sectionName === undefined ? "port" : "sectionName";
    return refused({ code: "TCP0031", path: [...path, field], text }, "NoMatchingParent");
  }
  const obstacles = meant.map((state) => obstacleOf(route, gateway, state, view));
  const allowed = meant.filter((_, at) => obstacles[at] === undefined);
  if (allowed.length === 0) {
    const why = meant.map(({ listener }, at) => `${listener.name} ${obstacles[at]?.text}`).join(", ");
    const text = `No listener of ${name} takes this route: ${why}`;
    const level = obstacles.some((obstacle) => obstacle?.unsure === true) ? "Warning" : "Error";
    return refused({ code: "TCP0032", level, path, text }, "NotAllowedByListeners");
  }
  const accepted = refusals(gateway, view).length === 0;
  const attachments = allowed.flatMap((state): Attachment[] => {
    const hostnames = sharedHostnames(route, state.listener.hostname);
    return hostnames.length === 0 ? [] : [{ gateway, state, served: state.served && accepted, hostnames }];
  });
  if (attachments.length > 0) return { attachments, finding: undefined };
  const offered = allowed.map(({ listener }) => listener.hostname).join(", ");
  const text = `None of the hostnames is one of ${name}, whose listeners have ${offered}. Name one that a listener's hostname covers`;
  return refused({ code: "TCP0033", path: ["spec", "hostnames"], text }, "NoMatchingListenerHostname");
}

function refused(finding: Omit<Finding, "condition">, reason: string): Pick<ParentState, "attachments" | "finding"> {
  return { attachments: [], finding: { ...finding, condition: { type: "Accepted", reason } } };
}

function narrowed({ sectionName, port }: ParentRef): string {
  return [
    ...(sectionName === undefined ? [] : [`named ${sectionName}`]),
    ...(port === undefined ? [] : [`on port ${port}`]),
  ].join(" ");
}

function isMeant({ sectionName, port }: ParentRef, listener: ListenerState["listener"]): boolean {
  return (sectionName ?? listener.name) === listener.name && (port ?? listener.port) === listener.port;
}

interface Obstacle {
  /** As an end to the listener's name. */
  readonly text: string;
  /** It may be there only for want of knowledge. */
  readonly unsure?: true;
}

/** Why a listener does not take a route; undefined: it does, but for the hostnames. */
function obstacleOf(
  { kind, metadata: { namespace } }: Route,
  gateway: KubernetesGateway,
  { listener, routeKinds }: ListenerState,
  view: View,
): Obstacle | undefined {
  if (!routeKinds.includes(kind)) {
    const taken = routeKinds.length === 0 ? "no route that is served here" : routeKinds.join(" and ");
    return { text: `is of protocol ${listener.protocol} and takes ${taken}` };
  }
  const { from = "Same", selector } = listener.allowedRoutes?.namespaces ?? {};
  switch (from) {
    case "All":
      return undefined;
    case "None":
      return { text: "takes no routes at all" };
    case "Same": {
      const own = gateway.metadata.namespace;
      if (namespace === own) return undefined;
      return { text: `takes routes of its own namespace ${own} only (allowedRoutes.namespaces.from: Same)` };
    }
    case "Selector": {
      const known = view.get("Namespace", "", namespace)?.metadata.labels;
      // Kubernetes gives this label to every namespace, so that it is known without the namespace.
      const labels = { "kubernetes.io/metadata.name": namespace, ...known };
      if (selector !== undefined && matchesLabels(selector, labels)) return undefined;
      if (known !== undefined) return { text: `takes routes of namespaces by labels that ${namespace} does not have` };
      return {
        text: `takes routes of namespaces by their labels, and those of ${namespace} are not known`,
        unsure: true,
      };
    }
  }
}

/** The names that a listener and a route have in common: of two that overlap the narrower. */
function sharedHostnames(route: Route, offered: string | undefined): readonly string[] {
  const asked = route.kind === "TLSRoute" ? (route.spec.hostnames ?? []) : [];
  if (asked.length === 0) return [offered ?? "*"];
  if (offered === undefined) return [...new Set(asked)];
  return [...new Set(asked.flatMap((own) => (covers(offered, own) ? own : covers(own, offered) ? offered : [])))];
}
