import type { Tier } from "./tiers.ts";

/** Envoy's overprovisioning_factor: a tier takes everything until less than 1 / 1.4, about 72%, of it is healthy. */
const OVERPROVISIONING = 1.4;

/** What a tier is to get now. */
export interface Load {
  readonly tier: Tier;
  /** 0 to 1; those of all tiers add up to 1, or to 0 where nothing can serve. */
  readonly share: number;
  /** Less than the panic threshold is healthy: health does not count. */
  readonly panic: boolean;
}

/**
 * How connections are shared among tiers (Envoy, "Priority levels" and "Locality weighted load balancing"): each takes as much as it is healthy for of what the ones before it left
 * over; tiers with a percentage of their own share by it, as far as they are healthy.
 *
 * @param minHealthPercent - below it a tier is in panic; 0: never
 */
export function loadsOf(tiers: readonly Tier[], minHealthPercent: number): readonly Load[] {
  const capable = tiers.map((tier) => {
    const healthy = tier.hosts.filter((host) => host.healthy).length / tier.hosts.length;
    const panic = healthy * 100 < minHealthPercent;
    return { tier, panic, capacity: panic ? 1 : Math.min(1, healthy * OVERPROVISIONING) };
  });
  const declared = capable.reduce((sum, { tier, capacity }) => sum + (tier.percent ?? 0) * capacity, 0);
  let left = 1;
  const shares = capable.map(({ tier, capacity }) => {
    const share = tier.percent === undefined ? Math.min(left, capacity) : (tier.percent * capacity) / declared || 0;
    left = Math.max(0, left - share);
    // What is left by a rounding error is nobody's.
    if (left < 1e-9) left = 0;
    return share;
  });
  // Where all together are not healthy enough for everything they share it in proportion.
  const sum = shares.reduce((total, share) => total + share, 0);
  return capable.map(({ tier, panic }, index) => ({ tier, panic, share: sum === 0 ? 0 : (shares[index] ?? 0) / sum }));
}
