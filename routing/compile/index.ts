import { messageOf } from "../catalogue.ts";
import { compareMessages, compareText, type Message } from "../message.ts";
import { withDerived } from "../gateway-api/derivation.ts";
import type { Objects } from "../objects.ts";
import { about, referenceTo } from "../resolve/about.ts";
import { lossMessage } from "./conflict.ts";
import { contestedPolicies, listenerPolicyOf } from "./listener-policy.ts";
import { terminationOf } from "./termination.ts";
import type { FilterChain, Listener, RouteTable } from "../table.ts";
import type { Workload } from "../workload.ts";
import { gatewayRefusal, mayOpen, routeRefusal } from "./admission.ts";
import { boundVirtualServices, refusedVirtualServices, rulesInOrder } from "./bindings.ts";
import { createRoute, type RouteContext } from "./routes.ts";
import { compareSpecificity, mergeServers, selectGateways, type Binding, type BoundServer } from "./servers.ts";

export interface Compiled {
  readonly table: RouteTable;
  /** What was left out and why. */
  readonly messages: readonly Message[];
}

/**
 * Compiles all declarations into what one gateway workload serves. Never throws: what is wrong is left out, alone, with a message. The
 * result depends on the set of objects and the workload only, not on their order.
 */
export function compile(declared: Objects, workload: Workload): Compiled {
  const objects = withDerived(declared);
  const context: RouteContext = { objects, workload, clusters: new Map(), messages: new Map() };
  const { bindings, conflicts, refused } = mergeServers(
    selectGateways(objects, workload),
    workload.service,
    (bound) => !mayOpen(objects, workload, bound),
  );
  const listeners = bindings.flatMap((binding) => createListener(context, binding) ?? []);
  const messages = [
    ...conflicts.map(lossMessage),
    ...refused.map((bound) => gatewayRefusal(workload, bound)),
    ...bindings.flatMap((binding) =>
      binding.flatMap((bound) =>
        refusedVirtualServices(objects, bound, workload).map((refusedOne) => routeRefusal(workload, refusedOne, bound)),
      ),
    ),
    ...bindings.flatMap((binding) => binding.flatMap((bound) => unservedMessage(bound) ?? [])),
    ...bindings.flatMap(contestedPolicies),
    ...context.messages.values(),
  ];
  return {
    table: {
      listeners: listeners.sort((a, b) => a.port - b.port || compareText(a.bind ?? "", b.bind ?? "")),
      clusters: new Map([...context.clusters].sort(([a], [b]) => compareText(a, b))),
    },
    messages: messages.sort(compareMessages),
  };
}

function createListener(context: RouteContext, binding: Binding): Listener | undefined {
  const [chain, ...others] = [...binding]
    .sort(compareSpecificity)
    .flatMap((bound) => createChain(context, bound) ?? []);
  if (chain === undefined) return undefined;
  const [{ gateway, server, bindPort }] = binding;
  return {
    port: server.port.number,
    bindPort,
    bind: server.bind,
    policy: listenerPolicyOf(gateway.metadata.annotations),
    chains: [chain, ...others],
  };
}

function createChain(context: RouteContext, bound: BoundServer): FilterChain | undefined {
  const { objects, workload } = context;
  if (bound.kind === "unserved") return undefined;
  const [route, ...others] = rulesInOrder(boundVirtualServices(objects, bound, workload), bound).flatMap(
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

function unservedMessage({ kind, gateway, index, server: { port, tls } }: BoundServer): Message | undefined {
  if (kind !== "unserved") return undefined;
  const mode = tls === undefined ? "" : ` with tls mode ${tls.mode ?? "PASSTHROUGH"}`;
  const secret = tls === undefined || tls.credentialName !== undefined ? "" : " and no credentialName";
  return messageOf(
    "TCP0009",
    about(gateway, ["spec", "servers", index, "port", "protocol"]),
    `Port ${port.number} is not served as its protocol is ${port.protocol}${mode}${secret}. This gateway serves TCP, and TLS that it passes through or ends with a credentialName`,
  );
}
