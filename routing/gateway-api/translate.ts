/** Gateways and VirtualServices that say what the Gateway API's objects say: from there on there is one model, one set of checks and one compiler. */
import type {
  DeclaredObject,
  FieldPath,
  Gateway,
  KubernetesGateway,
  ObjectMetadata,
  Origin,
  VirtualService,
} from "../objects.ts";
import { refusedHost } from "../resolve/refused.ts";
import { parentStates, type Attachment, type Route } from "./attachment.ts";
import { backendStates, type BackendState } from "./backends.ts";
import { isOurs, refusals } from "./gateways.ts";
import { listenerStates, type ListenerState } from "./listeners.ts";
import type { View } from "../incremental/view.ts";
import { classLabel, derivedName } from "./names.ts";

const apiVersion = "networking.istio.io/v1";

/** A Gateway with one server for each listener that is served; none of a Gateway of another controller. */
export function deriveGateways(gateway: KubernetesGateway, view: View): Gateway[] {
  if (!isOurs(gateway, view) || refusals(gateway, view).length > 0) return [];
  return listenerStates(gateway, view).flatMap((state) => (state.served ? deriveGateway(gateway, state) : []));
}

function deriveGateway(gateway: KubernetesGateway, { listener, index, kind, credential }: ListenerState): Gateway {
  const tls =
    kind === "TCP"
      ? undefined
      : credential === undefined
        ? ({ mode: "PASSTHROUGH" } as const)
        : ({ mode: "SIMPLE", credentialName: credential } as const);
  return {
    apiVersion,
    kind: "Gateway",
    metadata: metadataOf(gateway, listener.name),
    spec: {
      selector: { [classLabel]: gateway.spec.gatewayClassName },
      servers: [
        {
          port: { number: listener.port, name: listener.name, protocol: kind === "TCP" ? "TCP" : "TLS" },
          hosts: [listener.hostname ?? "*"],
          ...(tls && { tls }),
        },
      ],
    },
    origin: originOf(gateway, (path) => listenerPath(index, path)),
  };
}

/** Where a field of the derived Gateway stands in the declared one. */
function listenerPath(index: number, [, part, , ...field]: FieldPath): FieldPath {
  if (part === "selector") return ["spec", "gatewayClassName"];
  const listener: FieldPath = ["spec", "listeners", index];
  const [first, second] = field;
  if (first === "port") return [...listener, second === "protocol" || second === "name" ? second : "port"];
  if (first === "hosts") return [...listener, "hostname"];
  if (first === "tls") {
    return [...listener, "tls", ...(second === undefined ? [] : second === "mode" ? ["mode"] : ["certificateRefs", 0])];
  }
  return listener;
}

/** A VirtualService with the first rule of a route, for every listener that it is attached to; undefined where there is none. */
export function deriveVirtualService(route: Route, view: View): VirtualService | undefined {
  const parents = parentStates(route, view).flatMap(({ index, attachments }) =>
    attachments.filter(({ served }) => served).map((attachment) => ({ index, attachment })),
  );
  if (parents.length === 0) return undefined;
  const backends = backendStates(route, view);
  const rule = { route: destinationsOf(backends) };
  const gateways = parents.map(({ attachment }) => keyOf(attachment));
  const spec: VirtualService["spec"] = {
    hosts: ["*"],
    gateways,
    ...rulesOf(
      route,
      parents.map(({ attachment }) => attachment),
      rule,
    ),
  };
  return {
    apiVersion,
    kind: "VirtualService",
    metadata: metadataOf(route, route.kind),
    spec,
    origin: originOf(route, (path) =>
      rulePath(
        parents.map(({ index }) => index),
        path,
      ),
    ),
  };
}

type Rule = Pick<NonNullable<VirtualService["spec"]["tcp"]>[number], "route">;

/** Rules for servers that TLS is passed through are in `tls`, all others in `tcp`; those of TLS have a match for each listener and server name. */
function rulesOf(
  { kind }: Route,
  attachments: readonly Attachment[],
  rule: Rule,
): Pick<VirtualService["spec"], "tcp" | "tls"> {
  if (kind === "TCPRoute") return { tcp: [rule] };
  const matchesFor = (wanted: ListenerState["kind"]) =>
    attachments
      .filter(({ state }) => state.kind === wanted)
      .flatMap((attachment) =>
        attachment.hostnames.map((name) => ({ gateways: [keyOf(attachment)], sniHosts: [name] })),
      );
  const [passed, ended] = [matchesFor("TLS passthrough"), matchesFor("TLS termination")];
  return {
    ...(passed.length > 0 && { tls: [{ ...rule, match: passed }] }),
    ...(ended.length > 0 && { tcp: [{ ...rule, match: ended }] }),
  };
}

/** What has no weight at all is refused: a single destination of a VirtualService would get everything, whatever its weight. */
function destinationsOf(backends: readonly BackendState[]): Rule["route"] {
  if (backends.every(({ weight }) => weight === 0)) return [{ destination: { host: refusedHost("no-weight") } }];
  return backends.map(({ destination, weight }) => ({ destination, weight }));
}

/** Where a field of the derived VirtualService stands in the route. */
function rulePath(parents: readonly number[], [, part, at, field, number, ...inner]: FieldPath): FieldPath {
  const parent = (index: number): FieldPath => ["spec", "parentRefs", parents[index] ?? 0];
  if (part === "gateways") return typeof at === "number" ? parent(at) : ["spec", "parentRefs"];
  if (part !== "tcp" && part !== "tls") return ["spec"];
  const rule: FieldPath = ["spec", "rules", 0];
  if (field === "match") return ["spec", "hostnames"];
  if (field !== "route" || number === undefined) return rule;
  const backend: FieldPath = [...rule, "backendRefs", number];
  const [first, second] = inner;
  if (first === "weight") return [...backend, "weight"];
  return second === "port" || second === "host" ? [...backend, second === "port" ? "port" : "name"] : backend;
}

function keyOf({ gateway, state }: Attachment): string {
  return `${gateway.metadata.namespace}/${derivedName(gateway.metadata.name, state.listener.name)}`;
}

function metadataOf({ metadata }: DeclaredObject, part: string): ObjectMetadata {
  return { ...metadata, name: derivedName(metadata.name, part) };
}

function originOf(source: DeclaredObject, declaredPath: (path: FieldPath) => FieldPath): Origin {
  const { namespaceImplied, reference } = source.origin;
  return { namespaceImplied, reference: (path) => reference(declaredPath(path)), source };
}
