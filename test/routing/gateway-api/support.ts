/** Objects of the Gateway API as YAML, each field to be replaced by what a test is about. */
import { service } from "../support.ts";

const group = "gateway.networking.k8s.io";

function metadata(name: string, namespace: string, created?: string): string {
  return `{name: ${name}, namespace: ${namespace}${created === undefined ? "" : `, creationTimestamp: "${created}"`}}`;
}

export function gatewayClass({
  name = "tcp",
  controller = "tcp-ingress.dev/gateway-controller",
  version = "v1",
  more = "",
} = {}): string {
  return `apiVersion: ${group}/${version}
kind: GatewayClass
metadata: {name: ${name}}
spec:
  controllerName: ${controller}
  ${more}`;
}

/** A listener for plain TCP. */
export const tcpListener = "{name: db, port: 5432, protocol: TCP}";

/** A listener that TLS is passed through. */
export function tlsListener({ name = "tls", port = 8443, hostname = "", more = "" } = {}): string {
  return `{name: ${name}, port: ${port}, protocol: TLS, ${hostname === "" ? "" : `hostname: "${hostname}", `}tls: {mode: Passthrough}${more}}`;
}

export function kubernetesGateway({
  name = "gateway",
  namespace = "default",
  listeners = [tcpListener],
  gatewayClassName = "tcp",
  version = "v1",
  created,
  more = "",
}: {
  name?: string;
  namespace?: string;
  listeners?: readonly string[];
  gatewayClassName?: string;
  version?: string;
  created?: string;
  more?: string;
} = {}): string {
  return `apiVersion: ${group}/${version}
kind: Gateway
metadata: ${metadata(name, namespace, created)}
spec:
  gatewayClassName: ${gatewayClassName}
  listeners:
${listeners.map((listener) => `  - ${listener}`).join("\n")}
  ${more}`;
}

export function tcpRoute({
  name = "db",
  namespace = "default",
  parents = "{name: gateway}",
  backends = "{name: echo, port: 3333}",
  version = "v1",
  created,
  more = "",
}: {
  name?: string;
  namespace?: string;
  parents?: string;
  backends?: string;
  version?: string;
  created?: string;
  more?: string;
} = {}): string {
  return `apiVersion: ${group}/${version}
kind: TCPRoute
metadata: ${metadata(name, namespace, created)}
spec:
  parentRefs: [${parents}]
  rules:
  - backendRefs: [${backends}]
  ${more}`;
}

export function tlsRoute({
  name = "web",
  namespace = "default",
  parents = "{name: gateway}",
  hostnames = "a.example.com",
  backends = "{name: echo, port: 3333}",
  version = "v1",
  created,
}: {
  name?: string;
  namespace?: string;
  parents?: string;
  hostnames?: string;
  backends?: string;
  version?: string;
  created?: string;
} = {}): string {
  return `apiVersion: ${group}/${version}
kind: TLSRoute
metadata: ${metadata(name, namespace, created)}
spec:
  parentRefs: [${parents}]
  ${hostnames === "" ? "" : `hostnames: [${hostnames}]`}
  rules:
  - backendRefs: [${backends}]`;
}

export function referenceGrant({
  namespace = "payments",
  from = "{group: gateway.networking.k8s.io, kind: TCPRoute, namespace: default}",
  to = '{group: "", kind: Service}',
  version = "v1",
} = {}): string {
  return `apiVersion: ${group}/${version}
kind: ReferenceGrant
metadata: ${metadata("grant", namespace)}
spec:
  from: [${from}]
  to: [${to}]`;
}

/** A class, a Gateway, a Service and a route between them, each to be replaced by what a test is about. */
export function attached({
  gateway = kubernetesGateway(),
  route = tcpRoute(),
  services = service(),
  more = "",
}: { gateway?: string; route?: string; services?: string; more?: string } = {}): string {
  return [gatewayClass(), gateway, services, route, more].filter((text) => text !== "").join("\n---\n");
}

/** The gateway's pods: those of class `tcp`. */
export const classWorkload = { namespace: "ingress", labels: { "tcp-ingress.dev/gateway-class": "tcp" } };
