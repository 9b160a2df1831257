import { weightOf, type Host } from "./host.ts";

/** Draws before all hosts are looked at: enough where at least a few of them may be taken. */
const MAX_DRAWS = 16;

/** Draws hosts at random, each by its weight times its capacity, without looking at all of them where it can. */
export interface Sampler {
  /**
   * @param eligible - passes over those that may not be taken now
   * @param capacity - the part of its weight that a host has now, above 0 up to 1
   * @returns undefined: none is eligible
   */
  draw(eligible: (host: Host) => boolean, capacity: (host: Host) => number): Host | undefined;
}

export function createSampler(hosts: readonly Host[], random: () => number): Sampler {
  let sum = 0;
  const sums = Float64Array.from(hosts, (host) => (sum += weightOf(host)));

  /** By weight alone. */
  function sample(): Host | undefined {
    const at = random() * sum;
    let low = 0;
    for (let high = hosts.length - 1; low < high;) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] as number) <= at) low = middle + 1;
      else high = middle;
    }
    return hosts[low];
  }

  return {
    draw(eligible, capacity) {
      for (let draws = 0; draws < MAX_DRAWS; draws++) {
        const host = sample();
        if (host === undefined) return undefined;
        if (!eligible(host)) continue;
        const part = capacity(host);
        if (part === 1 || random() < part) return host;
      }
      return drawFromAll(hosts.filter(eligible), (host) => weightOf(host) * capacity(host), random);
    },
  };
}

function drawFromAll(hosts: readonly Host[], weight: (host: Host) => number, random: () => number): Host | undefined {
  let at = random() * hosts.reduce((sum, host) => sum + weight(host), 0);
  return hosts.find((host) => (at -= weight(host)) < 0) ?? hosts.at(-1);
}
