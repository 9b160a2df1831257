/** The `status` that the Gateway API wants of a controller for its objects. */
import { overlaps } from "../host.ts";
import type { View } from "../incremental/view.ts";
import type { GatewayClass, KubernetesGateway } from "../objects.ts";
import { destinationMessage } from "../resolve/problem.ts";
import { resolveHostPort } from "../resolve/destination.ts";
import { tcpRoutesByGateway, tlsRoutesByGateway } from "../resolve/object-index.ts";
import { gatewayApiGroup } from "../schema/gateway-api.ts";
import { parentStates, type ParentRef, type Route } from "./attachment.ts";
import { backendStates } from "./backends.ts";
import type { Finding } from "./finding.ts";
import { classFindings, isOurClass, isOurs, refusals, unmetWishes } from "./gateways.ts";
import { listenerStates, type ListenerState, type RouteKind } from "./listeners.ts";
import { controllerName } from "./names.ts";
import { deriveVirtualService } from "./translate.ts";

/** A condition but for what only its writer knows: `observedGeneration` and `lastTransitionTime`. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

export interface GatewayAddress {
  readonly type: "IPAddress" | "Hostname";
  readonly value: string;
}

/** What is not declared, and the gateway's pods know. */
export interface GatewayFacts {
  /** Of the gateway's Service; empty: it has none yet. undefined: not known. */
  readonly addresses?: readonly GatewayAddress[];
  /** What keeps a listener from being served that shows in no object of its own: its port is another Gateway's, it could not be bound. */
  readonly listenerProblem?: (listener: string) => ListenerProblem | undefined;
  /** Secrets are among the objects, so that one that is not there does not exist. */
  readonly secretsKnown?: boolean;
}

export interface ListenerProblem {
  readonly condition: "Accepted" | "Conflicted" | "Programmed" | "ResolvedRefs";
  readonly reason: string;
  readonly message: string;
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

export interface RouteStatus {
  /** Ours: the entries of other controllers are theirs. */
  readonly parents: readonly {
    readonly parentRef: ParentRef;
    readonly controllerName: string;
    readonly conditions: readonly Condition[];
  }[];
}

/** The status of a GatewayClass; undefined: it is another controller's. */
export function gatewayClassStatus(gatewayClass: GatewayClass): { conditions: Condition[] } | undefined {
  if (!isOurClass(gatewayClass)) return undefined;
  const [finding] = classFindings(gatewayClass);
  return {
    conditions: [
      conditionOf("Accepted", finding, "Gateways of this class are served by the gateway pods that have its label"),
    ],
  };
}

/** The status of a Gateway; undefined: it is another controller's. */
export function gatewayStatus(
  gateway: KubernetesGateway,
  view: View,
  facts: GatewayFacts = {},
): GatewayStatus | undefined {
  if (!isOurs(gateway, view)) return undefined;
  const states = listenerStates(gateway, view);
  const [refusal] = refusals(gateway, view);
  const judged = states.map((state) => ({ state, problems: listenerProblems(state, view, facts) }));
  const listeners = judged.map(({ state, problems }): ListenerStatus => ({
    name: state.listener.name,
    supportedKinds: state.routeKinds.map((kind) => ({ group: gatewayApiGroup, kind })),
    attachedRoutes: attachedRoutes(gateway, state, view),
    conditions: listenerConditions(problems, refusal, overlapping(state, states)),
  }));
  const invalid = judged.filter(({ problems }) =>
    problems.some(({ condition }) => condition === "Accepted" || condition === "Conflicted"),
  );
  const programmed = listeners.filter(({ conditions }) =>
    conditions.some(({ type, status }) => type === "Programmed" && status === "True"),
  );
  const accepted = acceptance(
    refusal,
    invalid.map(({ state }) => state.listener.name),
    states.length,
  );
  return {
    conditions: [accepted, programming(gateway, accepted, programmed.length, facts.addresses), resolution(listeners)],
    ...(facts.addresses && { addresses: facts.addresses }),
    listeners,
  };
}

/** What a route's status says of its parents that are ours. */
export function routeStatus(route: Route, view: View): RouteStatus {
  const parents = parentStates(route, view).filter(({ gateway }) => gateway !== undefined);
  if (parents.length === 0) return { parents: [] };
  const unresolved = unresolvedBackend(route, view);
  return {
    parents: parents.map(({ ref, finding }) => ({
      parentRef: ref,
      controllerName,
      conditions: [
        conditionOf("Accepted", finding, "The route is attached"),
        conditionOf("ResolvedRefs", unresolved, "All backends exist and may be used"),
      ],
    })),
  };
}

type Problem = Pick<Finding, "reason" | "text">;

function conditionOf(type: string, problem: Problem | undefined, message: string): Condition {
  return problem === undefined
    ? { type, status: "True", reason: type, message }
    : { type, status: "False", reason: problem.reason, message: problem.text };
}

/** The first backend that may not be used, or that does not exist. */
function unresolvedBackend(route: Route, view: View): Problem | undefined {
  const virtualService = deriveVirtualService(route, view);
  for (const { destination, finding } of backendStates(route, view)) {
    if (finding !== undefined) return finding;
    const resolved = resolveHostPort(view, destination, route.metadata.namespace);
    if (!("kind" in resolved)) continue;
    const text =
      virtualService === undefined ? "" : destinationMessage(virtualService, [], destination, resolved).message;
    return { reason: "BackendNotFound", text };
  }
  return undefined;
}

function listenerProblems(
  { listener, findings, credential }: ListenerState,
  view: View,
  facts: GatewayFacts,
): ListenerProblem[] {
  const own = findings.flatMap(({ condition, reason, text }) =>
    condition === undefined ? [] : [{ condition, reason, message: text }],
  );
  const fact = facts.listenerProblem?.(listener.name);
  const missing = facts.secretsKnown === true && credential !== undefined && !hasSecret(credential, view);
  return [
    ...own,
    ...(missing
      ? [
          {
            condition: "ResolvedRefs" as const,
            reason: "InvalidCertificateRef",
            message: `Secret ${credential} does not exist`,
          },
        ]
      : []),
    ...(fact === undefined ? [] : [fact]),
  ];
}

function hasSecret(credential: string, view: View): boolean {
  const [namespace = "", name = ""] = credential.split("/");
  return view.get("Secret", namespace, name) !== undefined;
}

function listenerConditions(
  problems: readonly ListenerProblem[],
  refusal: Finding | undefined,
  overlap: string | undefined,
): Condition[] {
  const of = (type: ListenerProblem["condition"]) => problems.find(({ condition }) => condition === type);
  const conflict = of("Conflicted");
  const refused = of("Accepted") ?? (conflict && { ...conflict, reason: "Invalid" });
  const unresolved = of("ResolvedRefs");
  // A kind of route too many takes nothing from the listener.
  const obstacle = refused ?? of("Programmed") ?? (unresolved?.reason === "InvalidRouteKinds" ? undefined : unresolved);
  const problem = (found: ListenerProblem | undefined, reason = found?.reason ?? "") =>
    found && { reason, text: found.message };
  return [
    conditionOf("Accepted", problem(refused), "The listener is valid"),
    conditionOf(
      "Programmed",
      problem(obstacle, "Invalid") ?? (refusal && { ...refusal, reason: "Invalid" }),
      "The port is open as long as a route is attached",
    ),
    conditionOf("ResolvedRefs", problem(unresolved), "All references are good"),
    conflict === undefined
      ? {
          type: "Conflicted",
          status: "False",
          reason: "NoConflicts",
          message: "No other listener claims its connections",
        }
      : { type: "Conflicted", status: "True", reason: conflict.reason, message: conflict.message },
    ...(overlap === undefined
      ? []
      : [{ type: "OverlappingTLSConfig", status: "True", reason: "OverlappingHostnames", message: overlap } as const]),
  ];
}

/** The Gateway API has it told where one certificate may stand for what is another listener's. */
function overlapping({ listener, kind }: ListenerState, states: readonly ListenerState[]): string | undefined {
  if (kind !== "TLS termination") return undefined;
  const rivals = states.filter(
    (other) =>
      other.listener !== listener &&
      other.kind === kind &&
      other.listener.port === listener.port &&
      overlaps(other.listener.hostname ?? "*", listener.hostname ?? "*"),
  );
  if (rivals.length === 0) return undefined;
  return `Its hostname overlaps with those of ${rivals.map((rival) => rival.listener.name).join(", ")}`;
}

function attachedRoutes(gateway: KubernetesGateway, { listener }: ListenerState, view: View): number {
  const key = `${gateway.metadata.namespace}/${gateway.metadata.name}`;
  const routes: readonly Route[] = [...view.find(tcpRoutesByGateway, key), ...view.find(tlsRoutesByGateway, key)];
  return routes.filter((route) =>
    parentStates(route, view).some(
      (parent) =>
        parent.gateway === gateway && parent.attachments.some(({ state }) => state.listener.name === listener.name),
    ),
  ).length;
}

function acceptance(refusal: Finding | undefined, invalid: readonly string[], count: number): Condition {
  if (refusal !== undefined || invalid.length === 0) return conditionOf("Accepted", refusal, "The Gateway is valid");
  return {
    type: "Accepted",
    status: invalid.length < count ? "True" : "False",
    reason: "ListenersNotValid",
    message: `Not valid: ${invalid.join(", ")}`,
  };
}

function programming(
  gateway: KubernetesGateway,
  accepted: Condition,
  programmed: number,
  addresses: readonly GatewayAddress[] | undefined,
): Condition {
  const done = "The gateway pods serve the Gateway";
  if (accepted.status === "False")
    return conditionOf("Programmed", { reason: "Invalid", text: accepted.message }, done);
  if (programmed === 0) return conditionOf("Programmed", { reason: "Invalid", text: "No listener is served" }, done);
  if (addresses?.length === 0) {
    return conditionOf(
      "Programmed",
      { reason: "AddressNotAssigned", text: "The gateway's Service has no address yet" },
      done,
    );
  }
  const granted = new Set(addresses?.map(({ value }) => value));
  const unmet = unmetWishes(gateway).find((_, index) => !granted.has(gateway.spec.addresses?.[index]?.value ?? ""));
  return conditionOf("Programmed", unmet, done);
}

function resolution(listeners: readonly ListenerStatus[]): Condition {
  const unresolved = listeners.filter(({ conditions }) =>
    conditions.some(({ type, status }) => type === "ResolvedRefs" && status === "False"),
  );
  const text = `References are not good: ${unresolved.map(({ name }) => name).join(", ")}`;
  return conditionOf(
    "ResolvedRefs",
    unresolved.length === 0 ? undefined : { reason: "ListenersNotResolved", text },
    "All references are good",
  );
}
