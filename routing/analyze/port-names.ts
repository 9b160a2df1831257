import { messageOf } from "../catalogue.ts";
import type { Service } from "../objects.ts";
import { about } from "../resolve/about.ts";
import type { Analyzer } from "./analyzer.ts";
import { isIstioControlPlane, isManagedGateway, isSystemNamespace } from "./injection.ts";

/**
 * IST0118: the name of a Service's port does not tell Istio its protocol. What Istio says of ExternalName Services instead (IST0150) is about sidecars, and left to it; Services of Kubernetes' own
 * namespaces are passed over, as `istioctl analyze` does by its choice of namespaces.
 */
export const portNames: Analyzer<"Service"> = {
  subject: "names of Services' ports",
  kind: "Service",
  needs: [],
  *check(service) {
    const { namespace, labels } = service.metadata;
    if (isSystemNamespace(namespace) || isIstioControlPlane(labels) || isManagedGateway(labels)) return;
    if (service.spec.type === "ExternalName") return;
    for (const [index, port] of (service.spec.ports ?? []).entries()) {
      if (namesProtocol(port)) continue;
      yield messageOf(
        "IST0118",
        about(service, ["spec", "ports", index]),
        `Port name ${port.name ?? ""} (port: ${port.port}, targetPort: ${port.targetPort ?? 0}) doesn't follow the naming convention of Istio port.`,
      );
    }
  },
};

/** Istio's protocol.Parse; `kubernetes.io/…` are Kubernetes' own names in appProtocol. */
const protocols = new Set(
  "tcp udp grpc grpc-web http http_proxy http2 https tls mongo redis mysql hbone doubleHBONE".toLowerCase().split(" "),
);
const appProtocols = new Set(["kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss"]);

/** SMTP, DNS, MySQL and MongoDB: Istio never sniffs these, whatever their names. */
const wellKnownPorts = new Set([25, 53, 3306, 27017]);

function namesProtocol({ name, port, protocol, appProtocol }: NonNullable<Service["spec"]["ports"]>[number]): boolean {
  if (protocol === "UDP" || wellKnownPorts.has(port)) return true;
  const text = (appProtocol ?? name ?? "").toLowerCase();
  if (appProtocols.has(text) || text === "grpc-web" || text.startsWith("grpc-web-")) return true;
  return protocols.has(text.split("-", 1)[0] ?? "");
}
