/** Outcomes and settings in words. */
import { clusterDomain } from "../host.ts";
import { formatSelector } from "../selector.ts";
import type { Cluster, FilterChain, Route } from "../table.ts";
import { targetOf, type Outcome, type Share } from "./outcome.ts";

/** `tcp-echo.default` for a Service of the cluster. */
export function shortHost(host: string): string {
  const suffix = `.svc.${clusterDomain}`;
  return host.endsWith(suffix) ? host.slice(0, -suffix.length) : host;
}

/** What a cluster is called among others: as short as it can be told apart. */
export type Namer = (cluster: Cluster) => string;

const hostAndSubset: Namer = ({ host, subset }) => (subset === undefined ? "" : `${subset} of `) + shortHost(host);
const withPort: Namer = (cluster) => `${hostAndSubset(cluster)}:${cluster.port}`;
const withLabels: Namer = (cluster) =>
  cluster.subset === undefined ? withPort(cluster) : `${withPort(cluster)} (${formatSelector(cluster.subsetLabels)})`;
const withSource: Namer = (cluster) => `${withLabels(cluster)} by ${cluster.source.kind}`;

/** A way to call clusters that gives no two of them the same name. */
export function namerFor(clusters: readonly Cluster[]): Namer {
  const places = new Set(clusters.map(({ host, port }) => `${host}:${port}`));
  const short: Namer[] =
    places.size > 1
      ? []
      : [
          ({ host, subset }) => subset ?? shortHost(host),
          (cluster) => `${cluster.subset ?? shortHost(cluster.host)} (${formatSelector(cluster.subsetLabels)})`,
        ];
  const namers = [...short, hostAndSubset, withPort, withLabels];
  return namers.find((namer) => isUnique(namer, clusters)) ?? withSource;
}

function isUnique(namer: Namer, clusters: readonly Cluster[]): boolean {
  const targets = new Map<string, string>();
  return clusters.every((cluster) => {
    const target = targetOf(cluster);
    const held = targets.get(namer(cluster)) ?? target;
    targets.set(namer(cluster), target);
    return held === target;
  });
}

/** `v1 95, v2 5`: percents; `refused` where connections go nowhere. */
export function sharesText(shares: readonly Share[], name: Namer, digits: number): string {
  if (shares.length === 0) return "refused";
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  return shares
    .map(({ cluster, weight }) => `${name(cluster)} ${Number(((100 * weight) / total).toFixed(digits))}`)
    .join(", ");
}

/** Two outcomes side by side, with as many digits as it takes to see the difference. */
export function sharesChange(before: Outcome, after: Outcome): string {
  const name = namerFor([...before.shares, ...after.shares].map(({ cluster }) => cluster));
  let pair: readonly [string, string] = ["", ""];
  for (let digits = 1; pair[0] === pair[1] && digits <= 12; digits++) {
    pair = [sharesText(before.shares, name, digits), sharesText(after.shares, name, digits)];
  }
  return pair.join(" → ");
}

/** Which connections a route is for: `from 10.0.0.0/8`; empty: all of the port's. */
export function matchText(chain: FilterChain, { match }: Route): string {
  const names = match.sniHosts.length > 0 ? match.sniHosts : chain.sniHosts;
  const parts = [
    ["for", names.includes("*") ? [] : names],
    ["from", match.sourceSubnets],
    ["to", match.destinationSubnets],
  ] as const;
  return parts.flatMap(([word, list]) => (list.length === 0 ? [] : [`${word} ${abbreviate(list)}`])).join(" ");
}

const shown = 3;

/** The first few, and how many more there are. */
export function abbreviate(list: readonly string[]): string {
  const rest = list.length - shown;
  return rest > 0 ? `${list.slice(0, shown).join(", ")} and ${rest} more` : list.join(", ");
}

/** What a chain does about TLS. */
export function tlsText({ protocol, tls }: FilterChain): string {
  if (tls !== undefined) return `TLS ended by ${tls.mode}`;
  return protocol === "TLS" ? "TLS passed through" : "no TLS";
}
