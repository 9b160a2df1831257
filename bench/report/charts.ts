import type { Row } from "./row.ts";
import { barChart, escape, type Bar } from "./svg.ts";
import { figure } from "./text.ts";
import { titleOf, unitOf } from "./titles.ts";

/** The order of proxies in a chart; others come after. */
const order = ["ours", "ours_epoll", "ours_net", "haproxy", "haproxy_64k", "haproxy_splice", "haproxy_log"];

/** HAProxy's best configuration in a row, without an access log; absent where it was not measured. */
export function reference({ values, better }: Row): number | undefined {
  const of = Object.entries(values)
    .filter(([name]) => name.startsWith("haproxy") && !name.endsWith("_log"))
    .map(([, value]) => value);
  return of.length === 0 ? undefined : better === "less" ? Math.min(...of) : Math.max(...of);
}

/** A row's value for each proxy, and how it compares with HAProxy's. */
export function rowChart(row: Row): string {
  const base = reference(row);
  const bars = sorted(Object.keys(row.values))
    .filter((name) => !isAlias(name, row))
    .map((name): Bar => {
      const value = row.values[name] ?? NaN;
      // Of ours the pairs of the same round are compared, as the table does; of the others the medians.
      const ratio =
        (name === "ours" ? row.ratio["haproxy"] : undefined) ?? (base === undefined ? undefined : value / base);
      const unit = unitOf(row.unit);
      const absolute = `${figure(value)} ${unit}`;
      return {
        label: nameOf(name, row),
        value,
        range: row.spread[name],
        text: ratio === undefined ? [absolute, ""] : [`${ratio.toFixed(2)} ×`, absolute],
        kind: name === "ours" ? "ours" : name.startsWith("ours") ? "also" : name === "direct" ? "direct" : "peer",
      };
    });
  const title = titleOf(row.metric);
  return card(title, row.metric, barChart({ description: title, bars, reference: base }), notes(row));
}

/** Rows of one kind that differ in a number, such as of routes: a chart of them all. */
export function familyChart(name: string, rows: readonly Row[]): string {
  const bars = rows.map(({ metric, values, spread, unit }): Bar => {
    const value = values["ours"] ?? NaN;
    const middle = values["p50"];
    const faint = middle === undefined || middle === value ? "" : `p50 ${figure(middle)}`;
    return {
      label: Number(/\d+$/.exec(metric)?.[0]).toLocaleString("en"),
      value,
      range: spread["ours"],
      text: [`${figure(value)} ${unitOf(unit)}`, faint],
      kind: "ours",
    };
  });
  const title = familyTitles[name] ?? titleOf(name);
  return card(title, `${name}_*`, barChart({ description: title, bars }), "");
}

const familyTitles: Readonly<Record<string, string>> = {
  change_to_effect_ms: "Change to effect, by routes",
  start_to_ready_ms: "Start to ready, by routes, nothing saved",
  restart_to_ready_ms: "Start to ready, by routes, from the saved snapshot",
  memory_mb_routes: "Memory, by routes",
  memory_mb_endpoints: "Memory, by endpoints",
  memory_mb_connections: "Memory, by idle connections",
  cpu_per_connection_endpoints: "CPU time per connection, by endpoints",
};

/** Rows of our gateway alone, by what they have in common but for the number at their end. */
export function families(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, ({ metric }) => metric.replace(/_\d+$/, ""));
}

function card(title: string, metric: string, chart: string, below: string): string {
  return `<figure class="card"><figcaption><h3>${escape(title)}</h3><code>${escape(metric)}</code></figcaption>${chart}${below}</figure>`;
}

function notes({ invalid }: Row): string {
  return Object.entries(invalid)
    .map(([name, why]) => `<p class="invalid">${escape(name)} is not counted: ${escape(why)}</p>`)
    .join("");
}

function sorted(names: readonly string[]): string[] {
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : name === "direct" ? 99 : 50);
  return names.toSorted((a, b) => rank(a) - rank(b));
}

/** `ours` is one of the engines, which is not drawn twice. */
function isAlias(name: string, { values }: Row): boolean {
  return name.startsWith("ours_") && values[name] === values["ours"];
}

function nameOf(name: string, row: Row): string {
  if (name !== "ours") return name.replace("_", " ");
  const engine = Object.keys(row.values).find((other) => isAlias(other, row));
  return engine === undefined ? "ours" : engine.replace("_", ", ");
}
