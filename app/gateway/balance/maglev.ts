import { hashText } from "./hash.ts";

/** What is spread over a table: names are what places depend on, so that the order of the list does not matter. */
export interface Share {
  readonly name: string;
  /** 1 or more. */
  readonly weight: number;
}

/**
 * Maglev's table (Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016, section 3.4), with weights as Envoy has them: a share takes its next free
 * place each time that its weight, added up, has reached the highest one.
 *
 * @param size - a prime, larger than the number of shares
 * @returns for each place the index of whose it is
 */
export function maglevTable(shares: readonly Share[], size: number): Uint16Array {
  const table = new Uint16Array(size);
  if (shares.length === 0) return table;
  const taken = new Uint8Array(size);
  const highest = Math.max(...shares.map(({ weight }) => weight));
  const turns = shares
    .map(({ name, weight }, index) => ({
      index,
      name,
      weight: weight / highest,
      reached: 0,
      place: hashText(name, 0x1b873593) % size,
      skip: (hashText(name, 0x52dce729) % (size - 1)) + 1,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (let filled = 0, round = 1; filled < size; round++) {
    for (const turn of turns) {
      if (filled === size) break;
      if (turn.weight * round < turn.reached + 1 - Number.EPSILON) continue;
      turn.reached++;
      while (taken[turn.place] === 1) turn.place = (turn.place + turn.skip) % size;
      taken[turn.place] = 1;
      table[turn.place] = turn.index;
      filled++;
    }
  }
  return table;
}
