/** The `status` that the Gateway API wants of a controller for its Gateways. */
import { overlaps } from "../host.ts";
import type { View } from "../incremental/view.ts";
import type { KubernetesGateway } from "../objects.ts";
import { tcpRoutesByGateway, tlsRoutesByGateway } from "../resolve/object-index.ts";
import { gatewayApiGroup } from "../schema/gateway-api.ts";
import { parentStates } from "./attachment.ts";
import { conditionOf, problemOf, type Condition, type Problem } from "./condition.ts";
import { isOurs, refusals, unmetWishes } from "./gateways.ts";
import { listenerStates, type ListenerState, type RouteKind } from "./listeners.ts";

export interface GatewayAddress {
  readonly type: "IPAddress" | "Hostname";
  readonly value: string;
}

/** What is not declared, and the gateway's pods know. */
export interface GatewayFacts {
  /** Of the gateway's Service; empty: it has none yet. undefined: not known. */
  readonly addresses?: readonly GatewayAddress[];
  /** What is wrong with a listener that shows in no object of its own: its port is another Gateway's, it could not be bound, its certificate cannot be used. */
  readonly listenerProblems?: (listener: string) => readonly ListenerProblem[];
}

export interface ListenerProblem extends Problem {
  readonly condition: "Accepted" | "Conflicted" | "Programmed" | "ResolvedRefs";
  /** It takes nothing from what the listener serves. */
  readonly harmless?: boolean;
}

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds: readonly { readonly group: string; readonly kind: RouteKind }[];
  readonly attachedRoutes: number;
  readonly conditions: readonly Condition[];
}

export interface GatewayStatus {
  readonly conditions: readonly Condition[];
  readonly addresses?: readonly GatewayAddress[];
  readonly listeners: readonly ListenerStatus[];
}

/** The status of a Gateway; undefined: it is another controller's. */
export function gatewayStatus(
  gateway: KubernetesGateway,
  view: View,
  facts: GatewayFacts = {},
): GatewayStatus | undefined {
  if (!isOurs(gateway, view)) return undefined;
  const refusal = problemOf(refusals(gateway, view)[0]);
  const states = listenerStates(gateway, view);
  const listeners = states.map((state): ListenerStatus => {
    const overlap = overlapOf(state, states);
    return {
      name: state.listener.name,
      supportedKinds: state.routeKinds.map((kind) => ({ group: gatewayApiGroup, kind })),
      attachedRoutes: attachedRoutes(gateway, state, view),
      conditions: [
        ...listenerConditions(problemsOf(state, facts), refusal),
        ...(overlap === undefined ? [] : [overlap]),
      ],
    };
  });
  const accepted = acceptance(refusal, listeners);
  return {
    conditions: [accepted, programming(gateway, accepted, listeners, facts.addresses), resolution(listeners)],
    ...(facts.addresses && { addresses: facts.addresses }),
    listeners,
  };
}

function problemsOf({ listener, findings }: ListenerState, { listenerProblems }: GatewayFacts): ListenerProblem[] {
  const own = findings.flatMap(({ condition, text }): ListenerProblem[] => {
    if (condition === undefined) return [];
    const { type, reason } = condition;
    // A kind of route too many takes nothing from the listener.
    return [{ condition: type, reason, text, harmless: reason === "InvalidRouteKinds" }];
  });
  return [...own, ...(listenerProblems?.(listener.name) ?? [])];
}

function listenerConditions(problems: readonly ListenerProblem[], refusal: Problem | undefined): Condition[] {
  const of = (type: ListenerProblem["condition"]) => problems.find(({ condition }) => condition === type);
  const [conflict, unresolved] = [of("Conflicted"), of("ResolvedRefs")];
  const refused = of("Accepted") ?? invalid(conflict);
  const lacking = problems.find(({ condition, harmless }) => condition === "ResolvedRefs" && harmless !== true);
  const obstacle = of("Programmed") ?? invalid(refused ?? lacking ?? refusal);
  return [
    conditionOf("Accepted", refused, "The listener is valid"),
    conditionOf("Programmed", obstacle, "The port is open as long as a route is attached"),
    conditionOf("ResolvedRefs", unresolved, "All references are good"),
    conflict === undefined
      ? {
          type: "Conflicted",
          status: "False",
          reason: "NoConflicts",
          message: "No other listener claims its connections",
        }
      : { type: "Conflicted", status: "True", reason: conflict.reason, message: conflict.text },
  ];
}

function invalid(problem: Problem | undefined): Problem | undefined {
  return problem && { reason: "Invalid", text: problem.text };
}

/** The Gateway API has it told where one listener's certificate may stand for another's names. */
function overlapOf({ listener, kind }: ListenerState, states: readonly ListenerState[]): Condition | undefined {
  if (kind !== "TLS termination") return undefined;
  const others = states.filter(
    (state) =>
      state.listener !== listener &&
      state.kind === kind &&
      state.listener.port === listener.port &&
      overlaps(state.listener.hostname ?? "*", listener.hostname ?? "*"),
  );
  if (others.length === 0) return undefined;
  const message = `Its hostname overlaps with those of ${others.map((state) => state.listener.name).join(", ")}`;
  return { type: "OverlappingTLSConfig", status: "True", reason: "OverlappingHostnames", message };
}

function attachedRoutes(gateway: KubernetesGateway, { listener }: ListenerState, view: View): number {
  const key = `${gateway.metadata.namespace}/${gateway.metadata.name}`;
  return [...view.find(tcpRoutesByGateway, key), ...view.find(tlsRoutesByGateway, key)].filter((route) =>
    parentStates(route, view).some((parent) =>
      parent.attachments.some((one) => one.gateway === gateway && one.state.listener.name === listener.name),
    ),
  ).length;
}

/** The names of the listeners that have a condition. */
function namesWith(listeners: readonly ListenerStatus[], type: string, status: Condition["status"]): string[] {
  return listeners
    .filter(({ conditions }) => conditions.some((condition) => condition.type === type && condition.status === status))
    .map(({ name }) => name);
}

function acceptance(refusal: Problem | undefined, listeners: readonly ListenerStatus[]): Condition {
  const refused = namesWith(listeners, "Accepted", "False");
  if (refusal !== undefined || refused.length === 0) return conditionOf("Accepted", refusal, "The Gateway is valid");
  return {
    type: "Accepted",
    status: refused.length < listeners.length ? "True" : "False",
    reason: "ListenersNotValid",
    message: `Listeners are not valid: ${refused.join(", ")}`,
  };
}

function programming(
  gateway: KubernetesGateway,
  accepted: Condition,
  listeners: readonly ListenerStatus[],
  addresses: readonly GatewayAddress[] | undefined,
): Condition {
  const because = (reason: string, text: string) => conditionOf("Programmed", { reason, text }, "");
  if (accepted.status === "False") return because("Invalid", accepted.message);
  if (namesWith(listeners, "Programmed", "True").length === 0) return because("Invalid", "No listener is served");
  if (addresses?.length === 0) return because("AddressNotAssigned", "The gateway's Service has no address yet");
  const granted = new Set(addresses?.map(({ value }) => value));
  const unmet = unmetWishes(gateway).find((_, index) => !granted.has(gateway.spec.addresses?.[index]?.value ?? ""));
  return conditionOf("Programmed", problemOf(unmet), "The gateway pods serve the Gateway");
}

function resolution(listeners: readonly ListenerStatus[]): Condition {
  const unresolved = namesWith(listeners, "ResolvedRefs", "False");
  const text = `Listeners have references that are not good: ${unresolved.join(", ")}`;
  const problem = unresolved.length === 0 ? undefined : { reason: "ListenersNotResolved", text };
  return conditionOf("ResolvedRefs", problem, "All references are good");
}
