/** The status of live objects, as one gateway workload sees them. Pure: no clock, and who writes it is not known here. */
import type { DestinationRule, Gateway, VirtualService } from "../objects.ts";
import { destinationRuleReport } from "./destination-rule.ts";
import { brokenReport, messagesOf } from "./findings.ts";
import { gatewayReport } from "./gateway.ts";
import { Usage } from "./references.ts";
import { serviceEntryReport } from "./service-entry.ts";
import { gatewayApiKinds, gatewayApiReport, type GatewayApiReport } from "./gateway-api.ts";
import type { Report } from "./status.ts";
import { createView, type DeclaredState, type StatusInput, type StatusView } from "./view.ts";
import { virtualServiceReport } from "./virtual-service.ts";

export { gatewayApiKinds, mergeGatewayApiStatus, type GatewayApiReport } from "./gateway-api.ts";
export { mergeStatus, type Merge } from "./merge.ts";
export * from "./status.ts";
export type { CredentialFault, DeclaredState, ListenerState, StatusInput } from "./view.ts";

/** Kinds whose objects get a status, in the order in which it is worked out: what routes use is known once all of them have been seen. */
export const statusKinds = ["Gateway", "VirtualService", "DestinationRule", "ServiceEntry"] as const;

/** An object, and what is found about it; undefined: it is not this workload's. */
export type Described = readonly [state: DeclaredState, report: Report | undefined];

/** What a workload finds about each object, one after the other, so that there can be pauses between them. */
export function* describeStatus(input: StatusInput): Generator<Described> {
  const view = createView(input);
  const usage = new Usage();
  const byKind = Map.groupBy(input.declared, ({ kind }) => kind);
  for (const kind of statusKinds) {
    for (const state of byKind.get(kind) ?? []) yield [state, reportOf(view, state, usage)];
  }
}

/** What a workload finds about each object of the Gateway API. */
export function* describeGatewayApi(
  input: StatusInput,
): Generator<readonly [state: DeclaredState, report: GatewayApiReport | undefined]> {
  const states = input.declared.filter(({ kind }) => gatewayApiKinds.some((each) => each === kind));
  if (states.length === 0) return;
  const view = createView(input);
  for (const state of states) {
    yield [state, state.newest === undefined ? undefined : gatewayApiReport(view, state.newest)];
  }
}

function reportOf(view: StatusView, state: DeclaredState, usage: Usage): Report | undefined {
  const object = state.inForce ?? state.newest;
  // What never had a form that could be read is nobody's yet: a real Istio may know better.
  if (object === undefined) return view.separate ? undefined : brokenReport(state, messagesOf(view, state));
  switch (state.kind) {
    case "Gateway":
      return gatewayReport(view, state, object as Gateway);
    case "VirtualService":
      return virtualServiceReport(view, state, object as VirtualService, usage);
    case "DestinationRule":
      return destinationRuleReport(view, state, object as DestinationRule, usage);
    case "ServiceEntry":
      return serviceEntryReport(view, state, usage);
    default:
      return undefined;
  }
}
