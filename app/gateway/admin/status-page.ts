import type { Gateway } from "../gateway.ts";
import {
  clustersView,
  configView,
  connectionsView,
  type ClusterView,
  type ConfigView,
  type ConnectionsView,
  type ListenerView,
} from "./views.ts";

/** Connections that the page shows, open and recent each. */
const SHOWN = 50;

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escape = (value: unknown): string => String(value).replace(/[&<>"']/g, (character) => escapes[character] ?? "");

const table = (head: readonly string[], rows: readonly (readonly unknown[])[], empty: string): string =>
  rows.length === 0
    ? `<p>${escape(empty)}</p>`
    : `<table><thead><tr>${head.map((cell) => `<th scope="col">${escape(cell)}</th>`).join("")}</tr></thead><tbody>${rows
        .map((row) => `<tr>${row.map((cell) => `<td>${escape(cell ?? "–")}</td>`).join("")}</tr>`)
        .join("")}</tbody></table>`;

/** One page for a person whose connection fails: which listener took it, which route matched or why none did, which endpoint was picked, who closed first. */
export async function statusPage(gateway: Gateway): Promise<string> {
  const config = configView(gateway);
  const state = config.ready ? "ready" : `not ready (${config.phase})`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>tcp-ingress: ${escape(state)}</title>
<style>
body { font: 14px/1.4 system-ui, sans-serif; margin: 1.5rem; color-scheme: light dark }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; display: block; overflow-x: auto }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; white-space: nowrap }
</style>
</head>
<body>
<h1>tcp-ingress</h1>
<p>The gateway is <strong>${escape(state)}</strong>, engine ${escape(config.engine)}${escape(
    config.engine_reason === null ? "" : ` (as ${config.engine_reason})`,
  )}; it serves version
${escape(config.version ?? "–")} from ${escape(config.source ?? "nowhere yet")} since ${escape(config.applied_at ?? "–")}.
As JSON: <a href="/config">/config</a>, <a href="/clusters">/clusters</a>, <a href="/connections">/connections</a>.</p>
<h2>Listeners: which ports are open, and where their routes lead</h2>
${listeners(config)}
<h2>Clusters: which endpoints are there</h2>
${clusters(clustersView(gateway))}
${connections(await connectionsView(gateway, SHOWN))}
<h2>Messages: what is wrong with the declarations</h2>
${messages(config)}
</body>
</html>
`;
}

function listeners({ listeners }: ConfigView): string {
  return table(
    ["Port", "State", "Gateway", "VirtualService", "Rule", "Only from", "Only to", "Destinations"],
    listeners.flatMap(listenerRows),
    "No listener: no Gateway that selects this workload has a route",
  );
}

function listenerRows({ port, bind_port, state, error, servers }: ListenerView): unknown[][] {
  const shown = port === bind_port ? port : `${port} (bound to ${bind_port})`;
  return servers.flatMap(({ gateway, routes }) =>
    routes.map(({ virtual_service, rule, match, destinations }) => [
      shown,
      error === null ? state : `${state}: ${error}`,
      gateway,
      virtual_service,
      rule,
      match.source_subnets.join(", ") || "any",
      match.destination_subnets.join(", ") || "any",
      destinations.map(({ cluster, weight }) => `${cluster} (weight ${weight})`).join(", "),
    ]),
  );
}

function clusters(views: readonly ClusterView[]): string {
  return table(
    ["Cluster", "Endpoint", "Pod", "State", "Open connections"],
    views.flatMap(({ name, endpoints }): unknown[][] =>
      endpoints.length === 0
        ? [[name, "none: connections are refused with UH", undefined, undefined, 0]]
        : endpoints.map((endpoint) => [name, endpoint.address, endpoint.pod, stateOf(endpoint), endpoint.connections]),
    ),
    "No cluster",
  );
}

function stateOf({ terminating, ejected, failing_checks }: ClusterView["endpoints"][number]): string {
  const states = [
    ...(ejected ? ["left out by outlier detection"] : []),
    ...(failing_checks ? ["left out by active checks"] : []),
    ...(terminating ? ["terminating"] : []),
  ];
  return states.join(", ") || "in";
}

function connections({ open, recent }: ConnectionsView): string {
  const head = ["Since", "Client", "Port", "Route", "Endpoint", "Pod", "From client", "To client"];
  const row = (connection: ConnectionsView["open"][number]): unknown[] => [
    connection.start_time,
    connection.downstream_remote_address,
    connection.listener,
    connection.virtual_service === null ? "none matched" : `${connection.virtual_service} ${connection.rule ?? ""}`,
    connection.upstream_host,
    connection.pod,
    `${connection.bytes_received} B`,
    `${connection.bytes_sent} B`,
  ];
  return `<h2>Open connections</h2>
${table(head, open.map(row), "None")}
<h2>Recent connections: who closed first, and why</h2>
${table(
  [...head, "Closed by", "How", "Flag", "Reason"],
  recent.map((record) => [
    ...row(record),
    record.closed_by,
    record.closed_how,
    record.response_flags,
    record.detail === null ? record.reason : `${record.reason}: ${record.detail}`,
  ]),
  "None",
)}`;
}

function messages({ messages }: ConfigView): string {
  return table(
    ["Level", "Code", "Object", "Message"],
    messages.map(({ level, code, resource, message }) => [level, code, resource, message]),
    "None",
  );
}
