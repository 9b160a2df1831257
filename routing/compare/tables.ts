/** Compares two route tables of one gateway workload. */
import type { Cluster, FilterChain, Listener, RouteTable } from "../table.ts";
import { connectionsTo } from "./connections.ts";
import { outcomeOf, targetOf, type Outcome } from "./outcome.ts";
import { settingsChange } from "./settings.ts";
import { abbreviate, matchText, namerFor, sharesChange, sharesText, shortHost, tlsText } from "./words.ts";

/** One thing that changes. */
export interface TableChange {
  readonly subject: string;
  readonly text: string;
  /** The listener that changes; undefined where a destination does. */
  readonly listener: string | undefined;
  /** Changes are shown in this order. */
  readonly order: number;
}

/** What of the first table is different in the second, for whoever connects. */
export function compareTables(before: RouteTable, after: RouteTable): TableChange[] {
  return [...listenerChanges(before, after), ...policyChanges(before, after)];
}

/** What tells listeners of a table apart. */
export function listenerKeys({ listeners }: RouteTable): string[] {
  return listeners.map(keyOf);
}

function keyOf({ port, bind }: Listener): string {
  if (bind === undefined) return String(port);
  return bind.includes(":") ? `[${bind}]:${port}` : `${bind}:${port}`;
}

function listenerChanges(before: RouteTable, after: RouteTable): TableChange[] {
  const old = new Map(before.listeners.map((listener) => [keyOf(listener), listener]));
  const now = new Map(after.listeners.map((listener) => [keyOf(listener), listener]));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [left, right] = [old.get(key), now.get(key)];
    const order = (left ?? right)?.port ?? 0;
    return textsOf(before, left, after, right).map((text) => ({ subject: key, text, listener: key, order }));
  });
}

function textsOf(
  before: RouteTable,
  left: Listener | undefined,
  after: RouteTable,
  right: Listener | undefined,
): string[] {
  if (left === undefined) return right === undefined ? [] : [`opens${openingText(after, right)}`];
  if (right === undefined) return ["closes; open connections go on until they end"];
  return [...routeChanges(before, left, after, right), ...listenerSettings(left, right)];
}

/** What holds for all connections of a port, whatever its routes: PROXY protocol, rates. */
function listenerSettings(left: Listener, right: Listener): string[] {
  const text = settingsChange(settingsOf(left), settingsOf(right));
  return text === "" ? [] : [`${text}; for new connections`];
}

function settingsOf({ port: _port, bind: _bind, bindPort: _bindPort, chains: _chains, ...settings }: Listener): object {
  return settings;
}

/** ` → v1`, or each route with what it matches. */
function openingText({ clusters }: RouteTable, { chains }: Listener): string {
  const routes = chains.flatMap((chain) =>
    chain.routes.map((route) => ({
      matched: matchText(chain, route),
      shares: route.destinations.flatMap(({ cluster: name, weight }) => {
        const cluster = clusters.get(name);
        return cluster === undefined ? [] : [{ cluster, weight }];
      }),
    })),
  );
  const name = namerFor(routes.flatMap(({ shares }) => shares.map(({ cluster }) => cluster)));
  const targets = routes.map(({ matched, shares }) => {
    const [only, ...others] = shares;
    const to = only !== undefined && others.length === 0 ? name(only.cluster) : sharesText(shares, name, 1);
    return matched === "" ? to : `${matched} ${to}`;
  });
  const tls = [...new Set(chains.filter(({ protocol }) => protocol === "TLS").map(tlsText))];
  return `${tls.length === 0 ? "" : ` with ${tls.join(" or ")}`} → ${[...new Set(targets)].join("; ")}`;
}

/** The connections of which something else becomes, in groups that fare the same. */
function routeChanges(before: RouteTable, left: Listener, after: RouteTable, right: Listener): string[] {
  const connections = connectionsTo([left, right]);
  if (connections === undefined) {
    if (JSON.stringify(left.chains) === JSON.stringify(right.chains)) return [];
    return ["its routes change, and have too many matches to say how; open connections stay"];
  }
  const groups = new Map<string, { old: Outcome; now: Outcome; who: Set<string> }>();
  let same = 0;
  for (const connection of connections) {
    const [old, now] = [outcomeOf(before, left, connection), outcomeOf(after, right, connection)];
    if (old.key === now.key) {
      same++;
      continue;
    }
    const key = `${old.key} ${now.key}`;
    const group = groups.get(key) ?? { old, now, who: new Set<string>() };
    groups.set(key, group);
    group.who.add(whoText(old, now));
  }
  return [...groups.values()].map(({ old, now, who }) => {
    const all = groups.size === 1 && same === 0;
    const open = old.taken === undefined ? "" : "; open connections stay";
    return `${all ? "" : `${abbreviate([...who])}: `}${outcomeChange(old, now)}${open}`;
  });
}

/** Which connections these are, by the route that says more. */
function whoText(old: Outcome, now: Outcome): string {
  const texts = [now, old].map(({ taken }) => (taken === undefined ? "" : matchText(taken.chain, taken.route)));
  return texts.find((text) => text !== "") ?? "others";
}

function outcomeChange(old: Outcome, now: Outcome): string {
  const routes = old.where === now.where ? [] : [sharesChange(old, now)];
  const tls = old.taken === undefined || now.taken === undefined ? "" : tlsChange(old.taken.chain, now.taken.chain);
  return [...routes, tls].filter((part) => part !== "").join(", ");
}

function tlsChange(old: FilterChain, now: FilterChain): string {
  if (tlsText(old) !== tlsText(now)) return `${tlsText(old)} → ${tlsText(now)}`;
  const settings = settingsChange(old.tls ?? {}, now.tls ?? {});
  return settings === "" ? "" : `TLS ${settings}`;
}

/** Limits and times of destinations that both tables have. */
function policyChanges(before: RouteTable, after: RouteTable): TableChange[] {
  const byTarget = new Map([...before.clusters.values()].map((cluster) => [targetOf(cluster), cluster]));
  return [...after.clusters.values()].flatMap((now) => {
    const old = before.clusters.get(now.name) ?? byTarget.get(targetOf(now));
    const text = old === undefined ? "" : settingsChange(old.trafficPolicy, now.trafficPolicy);
    if (text === "") return [];
    return [
      { subject: destinationText(now), text: `${text}; for new connections`, listener: undefined, order: Infinity },
    ];
  });
}

function destinationText({ host, port, subset }: Cluster): string {
  return `${shortHost(host)}:${port}${subset === undefined ? "" : ` ${subset}`}`;
}
