import { conditionTypes, type Counts } from "../../routing/status/status.ts";
import type { Style } from "../output/style.ts";
import { formatTable } from "../output/table.ts";
import { plural } from "../output/words.ts";
import type {
  ClusterStatus,
  ConditionStatus,
  DestinationStatus,
  GatewayStatus,
  IngressGatewayStatus,
  ListenerStatus,
  ObjectStatus,
  PodStatus,
} from "./model.ts";

export function formatCluster({ ingressGateways, objects, unread }: ClusterStatus, style: Style): string[] {
  const gateways =
    ingressGateways.length === 0
      ? [style("yellow", "No ingress gateway of tcp-ingress serves anything here."), ""]
      : ingressGateways.flatMap((gateway) => [...formatIngressGateway(gateway, style), ""]);
  const declared = objects.length === 0 ? [] : [...formatObjects(objects, style), ""];
  const missing =
    unread.length === 0 ? [] : [style("yellow", `May not be read in all namespaces: ${unread.join(", ")}`), ""];
  return [...gateways, ...declared, ...missing].slice(0, -1);
}

function formatIngressGateway(
  { namespace, name, addresses, pods, listeners }: IngressGatewayStatus,
  style: Style,
): string[] {
  const ready = pods.filter((pod) => pod.ready).length;
  const count = style(ready === pods.length ? "green" : "red", `${ready}/${pods.length} ready`);
  return [
    `${style("bold", `${namespace}/${name}`)}  ${count}  ${addresses.length === 0 ? "no address yet" : addresses.join(" ")}`,
    "",
    ...formatTable(
      ["POD", "READY", "STATUS", "RESTARTS", "VERSION", "LISTENERS", "CONNECTIONS"],
      pods.map(podRow),
      style,
    ),
    ...pods.flatMap(({ name, error }) => (error === undefined ? [] : [style("yellow", `${name}: ${error}`)])),
    "",
    ...formatRoutes(listeners, style),
  ];
}

function podRow({ name, ready, phase, restarts, gateway }: PodStatus): string[] {
  const known = [name, ready ? "yes" : "no", gateway?.draining === true ? "Draining" : phase, String(restarts)];
  if (gateway === undefined) return [...known, "-", "-", "-"];
  const { configVersion, open, failed, connections } = gateway;
  const listeners = `${open.length} open${failed.length === 0 ? "" : `, ${failed.join(" ")} not`}`;
  return [...known, String(configVersion ?? "-"), listeners, String(connections)];
}

export function formatGateway(status: GatewayStatus, style: Style): string[] {
  const { address, phase, ready, engine, configVersion, connections, listeners, messages } = status;
  const failed = listeners.flatMap(({ port, error }) =>
    error === undefined ? [] : [style("red", `${port}: ${error}`)],
  );
  return [
    `${style("bold", address)}  ${style(ready ? "green" : "red", phase)}  engine ${engine}  version ${configVersion ?? "-"}  ${plural(connections, "connection")}`,
    "",
    ...formatRoutes(listeners, style),
    ...(failed.length === 0 ? [] : ["", ...failed]),
    ...(messages.length === 0 ? [] : ["", ...messages]),
  ];
}

/** One line for each destination; what is the same as above is not said again. */
function formatRoutes(listeners: readonly ListenerStatus[], style: Style): string[] {
  if (listeners.length === 0)
    return [style("yellow", "No route leads anywhere: tcp-ingress analyze --cluster says why.")];
  const asked = listeners.some(({ state }) => state !== undefined);
  const rows = listeners.flatMap(({ port, state, routes }) =>
    routes.flatMap(({ gateway, virtualService, rule, match, destinations }) =>
      destinations.map((destination, index) => [
        ...(index > 0
          ? ["", ...(asked ? [""] : []), "", "", ""]
          : [String(port), ...(asked ? [state ?? ""] : []), gateway, `${virtualService} ${rule}`, match || "any"]),
        describe(destination),
        share(destination, destinations),
        String(destination.endpoints ?? "by DNS"),
        ...(asked ? [String(destination.connections ?? 0)] : []),
      ]),
    ),
  );
  const titles = [
    "PORT",
    ...(asked ? ["STATE"] : []),
    "GATEWAY",
    "ROUTE",
    "MATCH",
    "DESTINATION",
    "SHARE",
    "READY",
    ...(asked ? ["CONNECTIONS"] : []),
  ];
  return formatTable(titles, rows, style);
}

function describe({ host, port, subset }: DestinationStatus): string {
  return `${host}:${port}${subset === null ? "" : ` ${subset}`}`;
}

function share({ weight }: DestinationStatus, all: readonly DestinationStatus[]): string {
  const total = all.reduce((sum, destination) => sum + destination.weight, 0);
  return `${Math.round((1000 * weight) / total) / 10}%`;
}

/** One line for each object: its conditions, and why one is not true. */
function formatObjects(objects: readonly ObjectStatus[], style: Style): string[] {
  const rows = objects.map(({ kind, namespace, name, conditions, counts }) => {
    const find = (type: string): ConditionStatus | undefined => conditions.find((condition) => condition.type === type);
    const wrong = conditionTypes.map(find).find((condition) => condition !== undefined && condition.status !== "True");
    return [
      kind,
      `${namespace}/${name}`,
      ...conditionTypes.map((type) => find(type)?.status ?? "-"),
      describeCounts(counts) || "-",
      wrong === undefined ? "" : `${wrong.reason}: ${wrong.message}`,
    ];
  });
  return formatTable(
    ["KIND", "NAME", ...conditionTypes.map((type) => type.toUpperCase()), "SERVED", "REASON"],
    rows,
    style,
  );
}

function describeCounts({ listeners, attachedRoutes, routes, subsets, endpoints }: Counts): string {
  return [
    ...(listeners ? [`${listeners.open}/${listeners.declared} listeners`] : []),
    ...(attachedRoutes === undefined ? [] : [plural(attachedRoutes, "route")]),
    ...(routes ? [`${routes.served}/${routes.declared} routes`] : []),
    ...(subsets ? [`${subsets.ready}/${subsets.declared} subsets`] : []),
    ...(endpoints ? [plural(endpoints.ready, "endpoint")] : []),
  ].join(", ");
}
