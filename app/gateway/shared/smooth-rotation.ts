/** Whose turn it is among several weights. */
export interface Rotation {
  /**
   * Index of the next one.
   *
   * @param eligible - passes over those whose turn is to be left out; the others keep their order and their shares
   * @returns -1 where none is eligible
   */
  next(eligible?: (index: number) => boolean): number;
}

/**
 * Smooth weighted round robin, as nginx has it (`ngx_http_upstream_round_robin.c`): every turn each gains its weight, and the one that has
 * most is taken and pays the total. Shares are exact over each full round and no run is longer than it has to be.
 */
export function smoothRotation(weights: readonly number[]): Rotation {
  const credit = weights.map(() => 0);
  return {
    next(eligible = () => true) {
      let best = -1;
      let most = -Infinity;
      let total = 0;
      for (const [index, weight] of weights.entries()) {
        if (!eligible(index)) continue;
        const value = (credit[index] ?? 0) + weight;
        credit[index] = value;
        total += weight;
        if (value > most) [best, most] = [index, value];
      }
      if (best >= 0) credit[best] = most - total;
      return best;
    },
  };
}
