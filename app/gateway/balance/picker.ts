import type { TrafficPolicy } from "../../../routing/table.ts";
import { hostPort } from "../engine/address.ts";
import type { Rotation } from "../shared/smooth-rotation.ts";
import { hashAddress, rehash } from "./hash.ts";
import { weightOf, type Host } from "./host.ts";
import { maglevTable } from "./maglev.ts";
import { createRing, ringOwner } from "./ring.ts";
import { createSampler } from "./sampler.ts";
import { warmth } from "./slow-start.ts";

/** Picks among the hosts of one rank. */
export interface Picker {
  /**
   * @param again - one was picked for this connection already, in vain
   * @returns undefined: none is eligible
   */
  pick(client: string, eligible: (host: Host) => boolean, again: boolean): Host | undefined;
}

export interface PickerOptions {
  readonly policy: Pick<TrafficPolicy, "loadBalancer" | "hashTableSize" | "warmup">;
  /** The order of the hosts by weight, for ROUND_ROBIN. */
  readonly turns: Rotation | undefined;
  readonly now: () => number;
  readonly random: () => number;
}

export function createPicker(hosts: readonly Host[], options: PickerOptions): Picker {
  switch (options.policy.loadBalancer) {
    case "ROUND_ROBIN":
      if (options.turns === undefined) throw new TypeError("Round robin needs turns");
      return roundRobin(hosts, options.turns, options);
    case "LEAST_REQUEST":
      return leastRequest(hosts, options);
    // PASSTHROUGH has no meaning at an ingress gateway.
    case "RANDOM":
    case "PASSTHROUGH":
      return atRandom(hosts, options);
    case "RING_HASH":
    case "MAGLEV":
      return consistentHash(hosts, options);
  }
}

/**
 * In turn, by weight. While a host warms up some of its turns go to the next one. Who takes over for one that failed is drawn, as turns that were taken for it would bring every connection
 * to the same broken one first.
 */
function roundRobin(
  hosts: readonly Host[],
  rotation: Rotation,
  { policy: { warmup }, now, random }: PickerOptions,
): Picker {
  const sampler = createSampler(hosts, random);
  return {
    pick(_, eligible, again) {
      if (again) return sampler.draw(eligible, () => 1);
      const takes = (index: number): boolean => {
        const host = hosts[index];
        return host !== undefined && eligible(host);
      };
      if (warmup === undefined) return hosts[rotation.next(takes)];
      const time = now();
      const warmest = Math.max(...hosts.filter(eligible).map(({ since }) => warmth(warmup, time - since)));
      for (;;) {
        const host = hosts[rotation.next(takes)];
        // The warmest always takes its turn, so that this ends, and all that are cold alike share as if they were warm.
        if (host === undefined || random() * warmest < warmth(warmup, time - host.since)) return host;
      }
    },
  };
}

/**
 * The less busy of two different ones, drawn by weight (power of two choices, choice_count 2 in Envoy); among idle ones the first drawn. Envoy leaves it for a schedule where weights
 * differ; here busy is by weight as well, so that weights, slow start and the choice of two hold together.
 */
function leastRequest(hosts: readonly Host[], { policy: { warmup }, now, random }: PickerOptions): Picker {
  const sampler = createSampler(hosts, random);
  return {
    pick(_, eligible) {
      const time = warmup === undefined ? 0 : now();
      const capacity = (host: Host): number => (warmup === undefined ? 1 : warmth(warmup, time - host.since));
      const one = sampler.draw(eligible, capacity);
      if (one === undefined || hosts.length === 1) return one;
      const two = sampler.draw((host) => host !== one && eligible(host), capacity);
      if (two === undefined) return one;
      const busy = (host: Host): number => host.gauge.value / (weightOf(host) * capacity(host));
      return busy(two) < busy(one) ? two : one;
    },
  };
}

function atRandom(hosts: readonly Host[], { random }: PickerOptions): Picker {
  const sampler = createSampler(hosts, random);
  return { pick: (_, eligible) => sampler.draw(eligible, () => 1) };
}

/** Tries to find another host by hashing on, before going through them one by one. */
const MAX_ROUNDS = 32;

/** The client's own host; where that is not eligible only the clients of that one move, each by its next hash. */
function consistentHash(hosts: readonly Host[], { policy: { loadBalancer, hashTableSize } }: PickerOptions): Picker {
  const shares = hosts.map((host) => ({
    name: hostPort(host.endpoint.address, host.endpoint.port),
    weight: weightOf(host),
  }));
  const ownerOf = loadBalancer === "MAGLEV" ? maglevOwner() : ringOwnerOf();

  function maglevOwner(): (hash: number) => number {
    const table = maglevTable(shares, hashTableSize);
    return (hash) => table[hash % table.length] as number;
  }

  function ringOwnerOf(): (hash: number) => number {
    const ring = createRing(shares, hashTableSize);
    return (hash) => ringOwner(ring, hash);
  }

  return {
    pick(client, eligible) {
      const first = hashAddress(client);
      let hash = first;
      for (let round = 1; round <= MAX_ROUNDS; round++) {
        const host = hosts[ownerOf(hash)];
        if (host !== undefined && eligible(host)) return host;
        hash = rehash(first, round);
      }
      const start = first % hosts.length;
      return [...hosts.slice(start), ...hosts.slice(0, start)].find(eligible);
    },
  };
}
