import type { ApiServer } from "../../app/gateway/control/api-server.ts";
import type { RawObject } from "../../app/gateway/control/list.ts";
import { resources } from "../../app/gateway/control/resources.ts";
import { compile, Objects, parseObject, type AnyObject } from "../../routing/index.ts";
import type { Counts } from "../../routing/status/status.ts";
import { declaredKindOf } from "../../routing/schema/index.ts";
import { readCluster, readScope } from "../cluster/read.ts";
import { wholePods } from "../cluster/resources.ts";
import type { ClusterStatus, ConditionStatus, IngressGatewayStatus, ListenerStatus, ObjectStatus } from "./model.ts";
import { podStatus, type RawPod } from "./pods.ts";
import { listenersOf } from "./routes.ts";

/** What the IngressGateway component labels its pods with. */
const SELECTOR = "app.kubernetes.io/name=tcp-ingress";

/** Kinds whose conditions are shown. */
const shownKinds: readonly string[] = [
  "Gateway",
  "VirtualService",
  "DestinationRule",
  "ServiceEntry",
  "GatewayClass",
  "KubernetesGateway",
];

interface RawService extends RawObject {
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
  };
}

interface RawDeclared extends RawObject {
  readonly status?: { readonly conditions?: readonly Partial<ConditionStatus>[]; readonly tcpIngress?: Counts };
}

/**
 * Reads what a cluster's ingress gateways are and serve.
 *
 * @param namespace - the one whose routes are asked for, and where rights may end
 * @param everywhere - all namespaces are asked for
 */
export async function clusterStatus(api: ApiServer, namespace: string, everywhere: boolean): Promise<ClusterStatus> {
  const [{ objects: raw, unread }, pods] = await Promise.all([
    readCluster(api, resources, namespace),
    readGatewayPods(api, namespace),
  ]);
  const objects = raw.flatMap((object) => parseObject(object).object ?? []);
  const asked = (name: string): boolean => everywhere || name.startsWith(`${namespace}/`);
  const workloads = Map.groupBy(pods, (pod) => `${pod.metadata.namespace ?? ""}/${serviceOf(pod)}`);
  const ingressGateways = await Promise.all(
    [...workloads].map(([, [first, ...others]]) => ingressGateway(api, [first as RawPod, ...others], objects, raw)),
  );
  return {
    ingressGateways: ingressGateways
      .map((gateway) => ({ ...gateway, listeners: gateway.listeners.flatMap((listener) => narrow(listener, asked)) }))
      .filter(({ namespace, name, listeners }) => asked(`${namespace}/${name}`) || listeners.length > 0),
    objects: raw
      .filter(({ kind }) => shownKinds.includes(kind))
      .map(objectStatus)
      .filter((object) => asked(`${object.namespace}/${object.name}`)),
    unread,
  };
}

async function readGatewayPods(api: ApiServer, namespace: string): Promise<readonly RawPod[]> {
  const scope = { selector: SELECTOR };
  const pods = (await readScope(api, wholePods, scope)) ?? (await readScope(api, wholePods, { ...scope, namespace }));
  return (pods ?? []) as readonly RawPod[];
}

/** The routes of the asked namespaces: whose VirtualService or Gateway is there. */
function narrow(listener: ListenerStatus, asked: (name: string) => boolean): ListenerStatus[] {
  const routes = listener.routes.filter(({ gateway, virtualService }) => asked(gateway) || asked(virtualService));
  return routes.length === 0 ? [] : [{ ...listener, routes }];
}

async function ingressGateway(
  api: ApiServer,
  pods: readonly [RawPod, ...RawPod[]],
  objects: readonly AnyObject[],
  raw: readonly RawObject[],
): Promise<IngressGatewayStatus> {
  const [first] = pods;
  const namespace = first.metadata.namespace ?? "";
  const name = serviceOf(first);
  const watched = environmentOf(first, "WATCH_NAMESPACES")
    .split(",")
    .filter((word) => word !== "");
  const seen = Objects.of(
    watched.length === 0 ? objects : objects.filter(({ metadata }) => watched.includes(metadata.namespace)),
  );
  const { table } = compile(seen, {
    namespace,
    labels: first.metadata.labels ?? {},
    service: seen.get("Service", namespace, name),
  });
  const service = raw.find(
    ({ kind, metadata }) => kind === "Service" && metadata.namespace === namespace && metadata.name === name,
  ) as RawService | undefined;
  return {
    namespace,
    name,
    addresses: (service?.status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []),
    pods: await Promise.all(pods.map((pod) => podStatus(api, pod))),
    listeners: listenersOf(table, seen),
  };
}

/** The Service in front of a gateway pod; without one the pod speaks for itself. */
function serviceOf(pod: RawPod): string {
  return environmentOf(pod, "GATEWAY_SERVICE") || pod.metadata.name;
}

function environmentOf({ spec }: RawPod, name: string): string {
  const variables = spec?.containers?.flatMap(({ env }) => env ?? []) ?? [];
  return variables.find((variable) => variable.name === name)?.value ?? "";
}

function objectStatus({ kind, metadata, status }: RawDeclared): ObjectStatus {
  const conditions = (status?.conditions ?? []).map(({ type = "", status = "", reason = "", message = "" }) => ({
    type,
    status,
    reason,
    message,
  }));
  const { routes, endpoints, listeners, attachedRoutes, subsets } = status?.tcpIngress ?? {};
  return {
    kind: declaredKindOf(kind),
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    conditions,
    counts: {
      ...(listeners && { listeners }),
      ...(attachedRoutes !== undefined && { attachedRoutes }),
      ...(routes && { routes }),
      ...(subsets && { subsets }),
      ...(endpoints && { endpoints }),
    },
  };
}
