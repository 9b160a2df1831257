/** What Istio calls the mesh: who is to have a sidecar. */
import type { Namespace, Pod } from "../objects.ts";

type Labels = Readonly<Record<string, string>>;

export const injectionLabel = "istio-injection";
export const revisionLabel = "istio.io/rev";
const podLabel = "sidecar.istio.io/inject";
const proxyName = "istio-proxy";
const meshController = "istio.io-mesh-controller";

/** Namespaces that belong to Kubernetes or to Istio itself. */
export function isSystemNamespace(name: string): boolean {
  return ["kube-system", "kube-public", "kube-node-lease", "local-path-storage", "istio-system"].includes(name);
}

/** What Istio's analyzers take for a part of Istio: any label `istio`, its own gateways' among them, or the release's. */
export function isIstioControlPlane(labels: Labels): boolean {
  return "istio" in labels || labels["release"] === "istio";
}

/** Made by Istio for a Gateway of the Gateway API, and by nobody else. */
export function isManagedGateway(labels: Labels): boolean {
  const controller = labels["gateway.istio.io/managed"] ?? "";
  return ["istio.io-gateway-controller", meshController, "istio.io-eastwest-controller"].includes(controller);
}

/** Waypoints are no workloads of anybody's. */
export function isWaypoint(labels: Labels): boolean {
  return labels["gateway.istio.io/managed"] === meshController;
}

/** Whether the pods of a namespace are to get a sidecar. */
export function isInjected(namespace: Namespace | undefined): boolean {
  if (namespace === undefined || isSystemNamespace(namespace.metadata.name)) return false;
  const { labels } = namespace.metadata;
  const revision = revisionLabel in labels;
  return revision ? (labels[injectionLabel] ?? "") === "" : labels[injectionLabel] === "enabled";
}

export function hasProxy(containers: Pod["spec"]["containers"]): boolean {
  return (containers ?? []).some(({ name }) => name === proxyName);
}

/** What a pod says of itself: a label before an annotation; undefined: nothing. */
export function ownInjection(labels: Labels, annotations: Labels): string | undefined {
  return labels[podLabel] ?? annotations[podLabel];
}
