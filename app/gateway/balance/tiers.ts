import type { Locality, LocalityPolicy } from "../../../routing/table.ts";
import type { Host } from "./host.ts";

/** Nothing is known of where the gateway is. */
export const nowhere: Locality = { region: undefined, zone: undefined };

export function isSamePlace(a: Locality, b: Locality): boolean {
  return a.region === b.region && a.zone === b.zone && a.subzone === b.subzone;
}

/** Hosts of one rank. */
export interface Tier {
  readonly hosts: readonly Host[];
  /** Of all connections while every tier is healthy; undefined: as many as the tiers before leave over. */
  readonly percent: number | undefined;
}

/** Ranks a cluster's hosts by where they are. Terminating ones come behind all others. */
export function rankHosts(all: readonly Host[], policy: LocalityPolicy, own: Locality): readonly Tier[] {
  const ready = all.filter(({ endpoint }) => !endpoint.terminating);
  const terminating = all.filter(({ endpoint }) => endpoint.terminating);
  return [...rankReady(ready, policy, own), { hosts: terminating, percent: undefined }].filter(
    ({ hosts }) => hosts.length > 0,
  );
}

function rankReady(hosts: readonly Host[], policy: LocalityPolicy, own: Locality): readonly Tier[] {
  switch (policy.kind) {
    case "any":
      return [{ hosts, percent: undefined }];
    case "hints":
      return rankByHints(hosts, own);
    case "failover":
      return rankByDistance(hosts, policy, own);
    case "distribute":
      return distribute(hosts, policy, own);
  }
}

/** As kube-proxy does (KEP-2433, "Topology aware hints"): hints count only where each endpoint has some and one of them names the own zone. */
function rankByHints(hosts: readonly Host[], { zone }: Locality): readonly Tier[] {
  const hinted = hosts.every(({ endpoint }) => (endpoint.zoneHints ?? []).length > 0);
  if (zone === undefined || !hinted) return [{ hosts, percent: undefined }];
  return split(hosts, ({ endpoint }) => (endpoint.zoneHints?.includes(zone) === true ? 0 : 1));
}

/** Subzones are not told apart: within a zone all hosts are near. */
function rankByDistance(
  hosts: readonly Host[],
  { regions }: Extract<LocalityPolicy, { kind: "failover" }>,
  own: Locality,
): readonly Tier[] {
  const next = regions.find(({ from }) => from === own.region)?.to;
  return split(hosts, ({ endpoint: { region, zone } }) => {
    // A host of unknown region is the cluster's own.
    if (region === undefined || own.region === undefined || region === own.region) {
      return zone !== undefined && zone === own.zone ? 0 : 1;
    }
    return region === next ? 2 : 3;
  });
}

/** Shares of the first rule for the own locality; hosts of no share get nothing, and all count alike where no rule fits. */
function distribute(
  hosts: readonly Host[],
  { rules }: Extract<LocalityPolicy, { kind: "distribute" }>,
  own: Locality,
): readonly Tier[] {
  const rule = rules.find(({ from }) => fits(from, own));
  if (rule === undefined) return [{ hosts, percent: undefined }];
  const left = new Set(hosts);
  return rule.to.map(({ locality, percent }) => {
    const found = [...left].filter(({ endpoint }) =>
      fits(locality, { ...endpoint, region: endpoint.region ?? own.region }),
    );
    for (const host of found) left.delete(host);
    return { hosts: found, percent };
  });
}

/** `region/zone/subzone`, of which the end may be left out or be `*`. */
function fits(pattern: string, { region, zone, subzone }: Locality): boolean {
  const places = [region, zone, subzone];
  return pattern.split("/").every((part, index) => part === "*" || part === "" || part === places[index]);
}

function split(hosts: readonly Host[], rank: (host: Host) => number): readonly Tier[] {
  const byRank = Map.groupBy(hosts, rank);
  return [...byRank].sort(([a], [b]) => a - b).map(([, group]) => ({ hosts: group, percent: undefined }));
}
