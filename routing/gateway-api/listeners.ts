/** What becomes of each listener of a Gateway. */
import type { FieldPath, KubernetesGateway } from "../objects.ts";
import { gatewayApiGroup } from "../schema/gateway-api.ts";
import type { Finding } from "./finding.ts";
import { isPermitted } from "./grants.ts";
import type { View } from "../incremental/view.ts";

export type Listener = KubernetesGateway["spec"]["listeners"][number];

export type RouteKind = "TCPRoute" | "TLSRoute";

export interface ListenerState {
  readonly listener: Listener;
  /** Place in `spec.listeners`. */
  readonly index: number;
  /** What the bytes of its connections are to the gateway; undefined: no protocol that is served here. */
  readonly kind: "TCP" | "TLS passthrough" | "TLS termination" | undefined;
  /** The kinds of routes that it takes. */
  readonly routeKinds: readonly RouteKind[];
  /** `namespace/name` of the Secret with the certificate, where TLS ends here and may end. */
  readonly credential: string | undefined;
  /** Whether a port is opened for it, given a route. */
  readonly served: boolean;
  readonly findings: readonly Finding[];
}

/** All listeners of a Gateway, in their order. */
export function listenerStates(gateway: KubernetesGateway, view: View): ListenerState[] {
  return gateway.spec.listeners.map((listener, index) => {
    const kind = kindOf(listener);
    const obstacles = [...protocolFindings(listener, index), ...conflicts(gateway, listener, index)];
    const certificate = kind === "TLS termination" ? certificateOf(gateway, listener, index, view) : undefined;
    obstacles.push(...(certificate?.obstacles ?? []));
    return {
      listener,
      index,
      kind,
      routeKinds: routeKindsOf(listener, kind),
      credential: certificate?.credential,
      served: obstacles.length === 0,
      findings: [...obstacles, ...(certificate?.notes ?? []), ...routeKindFindings(listener, index, kind)],
    };
  });
}

function kindOf({ protocol, tls }: Listener): ListenerState["kind"] {
  switch (protocol.toUpperCase()) {
    case "TCP":
      return "TCP";
    case "TLS":
      return tls?.mode === "Passthrough" ? "TLS passthrough" : "TLS termination";
    default:
      return undefined;
  }
}

function pathTo(index: number, ...field: FieldPath): FieldPath {
  return ["spec", "listeners", index, ...field];
}

function protocolFindings(listener: Listener, index: number): Finding[] {
  if (kindOf(listener) !== undefined) return [];
  return [
    {
      code: "TCP0009",
      path: pathTo(index, "protocol"),
      text: `Port ${listener.port} is not served as its protocol is ${listener.protocol}. This gateway serves TCP and TLS`,
      condition: { type: "Accepted", reason: "UnsupportedProtocol" },
    },
  ];
}

/**
 * Listeners of one Gateway that connections cannot be told apart for: none of them is served (Gateway API, "Handling indistinct Listeners"). Between Gateways the
 * older keeps the port, which the model's own rule sees to.
 */
function conflicts(gateway: KubernetesGateway, listener: Listener, index: number): Finding[] {
  const rivals = gateway.spec.listeners.filter((other) => other !== listener && isIndistinct(listener, other));
  if (rivals.length === 0) return [];
  const sameProtocol = rivals.every(({ protocol }) => protocol.toUpperCase() === listener.protocol.toUpperCase());
  const names = rivals.map(({ name }) => name).join(", ");
  return [
    {
      code: "TCP0036",
      path: pathTo(index, "port"),
      text: `Port ${listener.port} is not served for listener ${listener.name} as its connections cannot be told from those of ${names}. Give it a port${listener.hostname === undefined ? "" : " or a hostname"} of its own`,
      condition: {
        type: "Conflicted",
        reason: sameProtocol && listener.hostname !== undefined ? "HostnameConflict" : "ProtocolConflict",
      },
    },
  ];
}

function isIndistinct(a: Listener, b: Listener): boolean {
  if (a.port !== b.port) return false;
  const protocols = [a, b].map(({ protocol }) => protocol.toUpperCase());
  const only = (...names: readonly string[]) => protocols.every((name) => names.includes(name));
  if (protocols.includes("TCP")) return only("TCP", "HTTP", "HTTPS", "TLS");
  return only("HTTPS", "TLS") && a.hostname === b.hostname;
}

interface Certificate {
  readonly credential: string | undefined;
  readonly obstacles: readonly Finding[];
  readonly notes: readonly Finding[];
}

/** The Secret of the first of `certificateRefs`: one alone is what every implementation has. */
function certificateOf(gateway: KubernetesGateway, { tls }: Listener, index: number, view: View): Certificate {
  const path = pathTo(index, "tls", "certificateRefs");
  const [first, ...others] = tls?.certificateRefs ?? [];
  if (first === undefined) {
    const text = "TLS cannot end at the gateway without certificateRefs. Name a Secret of type kubernetes.io/tls";
    return refusal({
      code: "TCP0035",
      path,
      text,
      condition: { type: "ResolvedRefs", reason: "InvalidCertificateRef" },
    });
  }
  const notes = others.map(({ name }, at): Finding => ({
    code: "TCP0037",
    path: [...path, at + 1],
    text: `The certificate ${name} is not used, as a listener has one certificate here. Give it a listener with a hostname of its own`,
  }));
  const { group = "", kind = "Secret", name, namespace = gateway.metadata.namespace } = first;
  if (group !== "" || kind !== "Secret") {
    const text = `${kind} ${name} is no certificate that can be read. Refer to a Secret`;
    const at = [...path, 0, group === "" ? "kind" : "group"];
    return refusal({
      code: "TCP0035",
      path: at,
      text,
      condition: { type: "ResolvedRefs", reason: "InvalidCertificateRef" },
    });
  }
  if (!isPermitted(gateway, { group, kind, namespace, name }, view)) {
    const text = `Secret ${namespace}/${name} may not be used from namespace ${gateway.metadata.namespace} and the listener is not served. Add a ReferenceGrant in namespace ${namespace} from Gateways of ${gateway.metadata.namespace} to the Secret`;
    const at = [...path, 0, "namespace"];
    return refusal({ code: "TCP0034", path: at, text, condition: { type: "ResolvedRefs", reason: "RefNotPermitted" } });
  }
  return { credential: `${namespace}/${name}`, obstacles: [], notes };
}

function refusal(finding: Finding): Certificate {
  return { credential: undefined, obstacles: [finding], notes: [] };
}

function protocolKinds(kind: ListenerState["kind"]): readonly RouteKind[] {
  if (kind === undefined) return [];
  return kind === "TCP" ? ["TCPRoute"] : ["TLSRoute"];
}

/** Those of the listener's protocol, or of them those that it names. */
function routeKindsOf({ allowedRoutes }: Listener, kind: ListenerState["kind"]): readonly RouteKind[] {
  const possible = protocolKinds(kind);
  const named = allowedRoutes?.kinds ?? [];
  if (named.length === 0) return possible;
  return possible.filter((own) =>
    named.some((other) => (other.group ?? gatewayApiGroup) === gatewayApiGroup && other.kind === own),
  );
}

function routeKindFindings(
  { allowedRoutes, protocol }: Listener,
  index: number,
  kind: ListenerState["kind"],
): Finding[] {
  const possible: readonly string[] = protocolKinds(kind);
  // Where nothing of the protocol is served, that is said already.
  if (kind === undefined) return [];
  return (allowedRoutes?.kinds ?? []).flatMap(({ group = gatewayApiGroup, kind: named }, at): Finding[] =>
    group === gatewayApiGroup && possible.includes(named)
      ? []
      : [
          {
            code: "TCP0038",
            path: pathTo(index, "allowedRoutes", "kinds", at),
            text: `${named} cannot be attached to a listener of protocol ${protocol}, which takes ${possible.join(" and ")}`,
            condition: { type: "ResolvedRefs", reason: "InvalidRouteKinds" },
          },
        ],
  );
}
