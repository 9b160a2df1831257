/** Makes what one server of a Gateway contributes to a listener. */
import { messageOf } from "../catalogue.ts";
import type { View } from "../incremental/view.ts";
import type { Message } from "../message.ts";
import { about, referenceTo } from "../resolve/about.ts";
import type { Cluster, FilterChain } from "../table.ts";
import type { Workload } from "../workload.ts";
import { routeRefusal } from "./admission.ts";
import { boundVirtualServices, refusedVirtualServices, rulesInOrder } from "./bindings.ts";
import { createRoute, type RouteContext } from "./routes.ts";
import type { BoundServer } from "./servers.ts";
import { terminationOf } from "./termination.ts";

export interface CompiledChain {
  /** undefined: no route leads anywhere. */
  readonly chain: FilterChain | undefined;
  /** Those that its routes name. */
  readonly clusters: readonly Cluster[];
  readonly messages: readonly Message[];
}

export function compileChain(view: View, workload: Workload, bound: BoundServer): CompiledChain {
  const refused = refusedVirtualServices(view, bound, workload);
  const refusals = refused.map((virtualService) => routeRefusal(workload, virtualService, bound));
  if (bound.kind === "unserved") {
    return { chain: undefined, clusters: [], messages: [...refusals, unservedMessage(bound)] };
  }
  const context: RouteContext = { view, workload, clusters: new Map(), messages: [] };
  const chain = createChain(context, bound);
  return { chain, clusters: [...context.clusters.values()], messages: [...refusals, ...context.messages] };
}

function createChain(context: RouteContext, bound: BoundServer): FilterChain | undefined {
  const { view, workload } = context;
  const [route, ...others] = rulesInOrder(boundVirtualServices(view, bound, workload), bound).flatMap(
    (rule) => createRoute(context, rule) ?? [],
  );
  if (route === undefined) return undefined;
  const hosts = bound.hosts.map(({ host }) => host);
  return {
    gateway: referenceTo(bound.gateway),
    server: bound.server.port.name,
    protocol: bound.kind === "TCP" ? "TCP" : "TLS",
    sniHosts: bound.kind === "TCP" || hosts.every((host) => host === "*") ? [] : [...new Set(hosts)],
    tls: bound.kind === "TLS termination" ? terminationOf(bound.server.tls) : undefined,
    routes: [route, ...others],
  };
}

/** Says that nothing opens a server's port. */
export function unservedMessage({ gateway, index, server: { port, tls } }: BoundServer): Message {
  const mode = tls === undefined ? "" : ` with tls mode ${tls.mode ?? "PASSTHROUGH"}`;
  const secret = tls === undefined || tls.credentialName !== undefined ? "" : " and no credentialName";
  return messageOf(
    "TCP0009",
    about(gateway, ["spec", "servers", index, "port", "protocol"]),
    `Port ${port.number} is not served as its protocol is ${port.protocol}${mode}${secret}. This gateway serves TCP, and TLS that it passes through or ends with a credentialName`,
  );
}
