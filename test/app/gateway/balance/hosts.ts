import { createGauge } from "../../../../app/gateway/shared/gauge.ts";
import { createSharedRotation } from "../../../../app/gateway/shared/rotation.ts";
import { createSharedRows, Rows } from "../../../../app/gateway/shared/rows.ts";
import { createBalancer, type Balancer, type BalancerOptions } from "../../../../app/gateway/balance/balancer.ts";
import type { Host } from "../../../../app/gateway/balance/host.ts";
import type { Endpoint } from "../../../../routing/table.ts";
import type { TrafficPolicy } from "../../../../routing/table.ts";
import { policy } from "../../support/snapshot.ts";

/** A host whose health a test sets. */
export type TestHost = Host & { healthy: boolean; since: number };

/** Hosts that differ by what is given for each. */
export function hostsOf(endpoints: readonly Partial<Endpoint>[]): TestHost[] {
  const rows = new Rows(createSharedRows(1, endpoints.length + 1), 0);
  return endpoints.map((endpoint, index) => ({
    endpoint: {
      address: `10.0.${(index + 1) >> 8}.${(index + 1) & 255}`,
      port: 80,
      pod: undefined,
      zone: undefined,
      terminating: false,
      ...endpoint,
    },
    row: index + 1,
    gauge: createGauge(rows, index + 1),
    healthy: true,
    since: 0,
  }));
}

export const plain = (count: number): TestHost[] => hostsOf(Array.from({ length: count }, () => ({})));

/** A generator of random numbers that gives the same ones each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Rig {
  readonly balancer: Balancer;
  /** To be called when a host's health was changed. */
  readonly changed: () => void;
}

export function balancerOf(
  hosts: readonly Host[],
  changes: Partial<TrafficPolicy> = {},
  more: Partial<BalancerOptions> = {},
): Rig {
  let epoch = 0;
  const balancer = createBalancer({
    hosts,
    policy: { ...policy, ...changes },
    locality: { region: undefined, zone: undefined },
    rotation: (_, weights) => createSharedRotation(new Rows(createSharedRows(1, 4), 0), 1, weights),
    epoch: () => epoch,
    now: () => 0,
    random: seeded(1),
    ...more,
  });
  return { balancer, changed: () => epoch++ };
}

/** How often each host is picked, by many clients; no connection stays open unless `keep`. */
export function spread(balancer: Balancer, hosts: readonly Host[], count: number, keep = false): number[] {
  const picked = hosts.map(() => 0);
  for (let index = 0; index < count; index++) {
    const host = balancer.pick(`192.168.${index >> 8}.${index & 255}`, []);
    const at = host === undefined ? -1 : hosts.indexOf(host);
    picked[at] = (picked[at] ?? 0) + 1;
    if (keep) host?.gauge.tryAcquire(Infinity);
  }
  return picked;
}
