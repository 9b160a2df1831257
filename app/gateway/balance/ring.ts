import { hashText } from "./hash.ts";
import type { Share } from "./maglev.ts";

/** Envoy's maximum_ring_size. */
const MAX_RING = 8_388_608;

/** A ring: places in order, and whose each is. */
export interface Ring {
  readonly places: Uint32Array;
  readonly owners: Uint16Array;
}

/** A ring (ketama) with places by weight: the lowest has at least one, and all together `minimum` where that can be. */
export function createRing(shares: readonly Share[], minimum: number): Ring {
  const total = shares.reduce((sum, { weight }) => sum + weight, 0);
  const lowest = Math.min(...shares.map(({ weight }) => weight));
  // As Envoy scales it: whole places for the lowest weight, so that all others are in proportion.
  const scale = Math.min((Math.ceil((lowest / total) * minimum) / lowest) * total, MAX_RING);
  const found = shares.flatMap(({ name, weight }, owner) =>
    Array.from({ length: Math.max(1, Math.round((weight / total) * scale)) }, (_, place) => ({
      place: hashText(`${name}_${place}`),
      owner,
      name,
    })),
  );
  found.sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1));
  return {
    places: Uint32Array.from(found, ({ place }) => place),
    owners: Uint16Array.from(found, ({ owner }) => owner),
  };
}

/** Whose a hash is: the owner of the first place at it or behind it. */
export function ringOwner({ places, owners }: Ring, hash: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle] as number) < hash) low = middle + 1;
    else high = middle;
  }
  return owners[low === places.length ? 0 : low] as number;
}
