/** Brings the status that the Gateway API wants of a controller beside what other controllers have written. */
import { gatewayStatus, type GatewayFacts, type ListenerProblem } from "../gateway-api/gateway-status.ts";
import { classLabel, controllerName } from "../gateway-api/names.ts";
import { gatewayClassStatus, routeStatus } from "../gateway-api/status.ts";
import { share } from "../incremental/share.ts";
import type { AnyObject, GatewayClass, KubernetesGateway, TCPRoute, TLSRoute } from "../objects.ts";
import { withConditions } from "./conditions.ts";
import type { PlacedChain, StatusView } from "./view.ts";

/** Kinds of the Gateway API that get a status. */
export const gatewayApiKinds = ["GatewayClass", "KubernetesGateway", "TCPRoute", "TLSRoute"] as const;

type Fields = Readonly<Record<string, unknown>>;

/** The conditions of one part of a status, which are about one generation. */
interface Conditioned {
  readonly conditions: Parameters<typeof withConditions>[1];
}

/** What a workload finds about an object of the Gateway API; undefined where it is none of its own. */
export type GatewayApiReport =
  | { readonly kind: "conditions"; readonly status: Conditioned }
  | { readonly kind: "gateway"; readonly status: NonNullable<ReturnType<typeof gatewayStatus>> }
  | { readonly kind: "route"; readonly status: ReturnType<typeof routeStatus> };

/** Only pods of a class speak for it: those of two classes never write to one Gateway, and of a route they say the same. */
export function gatewayApiReport(view: StatusView, object: AnyObject): GatewayApiReport | undefined {
  const { objects, workload } = view;
  const className = workload.labels[classLabel];
  if (className === undefined) return undefined;
  switch (object.kind) {
    case "GatewayClass":
      return object.metadata.name === className ? conditionsOf(object) : undefined;
    case "KubernetesGateway": {
      if (object.spec.gatewayClassName !== className) return undefined;
      const status = gatewayStatus(object, objects, factsOf(view, object));
      return status && { kind: "gateway", status };
    }
    case "TCPRoute":
    case "TLSRoute":
      return routeReport(view, object);
    default:
      return undefined;
  }
}

function conditionsOf(gatewayClass: GatewayClass): GatewayApiReport | undefined {
  const status = gatewayClassStatus(gatewayClass);
  return status && { kind: "conditions", status };
}

/** A route that has left its parents loses its entries: no parents of ours is a report too. */
function routeReport({ objects }: StatusView, route: TCPRoute | TLSRoute): GatewayApiReport {
  return { kind: "route", status: routeStatus(route, objects) };
}

/** What only the pods know: which listeners could not be opened, and which certificates cannot be used. */
function factsOf(view: StatusView, { metadata }: KubernetesGateway): GatewayFacts {
  const placed = view.snapshot.table.listeners.flatMap((listener) =>
    listener.chains.map((chain) => ({ chain, listener })),
  );
  return {
    listenerProblems: (name) => {
      const found = placed.find(
        ({ chain: { gateway, server } }) =>
          server === name && gateway.name === metadata.name && gateway.namespace === metadata.namespace,
      );
      return found === undefined ? [] : [...portProblems(view, found), ...credentialProblems(view, found)];
    },
  };
}

function portProblems({ stateOf }: StatusView, { listener }: PlacedChain): ListenerProblem[] {
  const { state, error = "nobody said why" } = stateOf(listener);
  switch (state) {
    case "open":
      return [];
    case "opening":
      return [{ condition: "Programmed", reason: "Pending", text: "The port is being opened" }];
    case "failed":
      return [{ condition: "Programmed", reason: "Invalid", text: `The port is not open: ${error}` }];
  }
}

function credentialProblems({ credentialFaults }: StatusView, { chain: { tls } }: PlacedChain): ListenerProblem[] {
  if (tls === undefined) return [];
  const faults = credentialFaults(tls);
  if (faults === undefined)
    return [{ condition: "Programmed", reason: "Pending", text: "The certificate is being looked for" }];
  return faults.map(({ message, replaced }) => ({
    condition: "ResolvedRefs",
    reason: "InvalidCertificateRef",
    text: message,
    harmless: replaced,
  }));
}

/**
 * The status with what was found; what is stored comes back itself where nothing changes.
 *
 * @param generation - of the object that it was found about
 * @param now - RFC 3339
 */
export function mergeGatewayApiStatus(
  stored: unknown,
  report: GatewayApiReport | undefined,
  generation: number | undefined,
  now: string,
): unknown {
  if (report === undefined) return stored;
  const status: Fields = typeof stored === "object" && stored !== null ? (stored as Fields) : {};
  const conditions = (list: unknown, found: Conditioned["conditions"]) =>
    withConditions(
      list,
      found.map((finding) => ({ ...finding, observedGeneration: generation })),
      now,
    );
  const next = ((): Fields => {
    switch (report.kind) {
      case "conditions":
        return { ...status, conditions: conditions(status["conditions"], report.status.conditions) };
      case "gateway": {
        const { listeners, ...rest } = report.status;
        const before = listOf(status["listeners"]);
        return {
          ...status,
          ...rest,
          conditions: conditions(status["conditions"], rest.conditions),
          listeners: listeners.map((listener) => {
            const same = before.find(({ name }) => name === listener.name);
            return { ...listener, conditions: conditions(same?.["conditions"], listener.conditions) };
          }),
        };
      }
      case "route": {
        const before = listOf(status["parents"]);
        const others = before.filter((parent) => parent["controllerName"] !== controllerName);
        if (others.length === before.length && report.status.parents.length === 0) return status;
        const own = report.status.parents.map((parent) => {
          const same = before.find(
            (entry) =>
              entry["controllerName"] === controllerName &&
              share(entry["parentRef"], parent.parentRef) === entry["parentRef"],
          );
          return { ...parent, conditions: conditions(same?.["conditions"], parent.conditions) };
        });
        return { ...status, parents: [...others, ...own] };
      }
    }
  })();
  return next === status ? stored : share(stored, JSON.parse(JSON.stringify(next)) as Fields);
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as readonly Fields[]) : [];
}
