/**
 * The counts that are the whole gateway pod's: open connections of clusters and endpoints, and the positions of weights. This one is for
 * an engine with one event loop; an engine with workers keeps the same counts in shared memory behind the same interface.
 */
export interface Ledger {
  /** The count of that name; made at its first use, forgotten when it is zero and no longer named by {@link retain}. */
  gauge(name: string): Gauge;
  /** The value of the count of that name, 0 where there is none. */
  value(name: string): number;
  /** The weights of that name, kept as long as they stay the same. */
  rotation(name: string, weights: readonly number[]): Rotation;
  /** Forgets what is neither named here nor in use. */
  retain(names: ReadonlySet<string>): void;
}

/** How many of something are in use. */
export interface Gauge {
  readonly value: number;
  /** Takes one unless `limit` are taken already. */
  tryAcquire(limit: number): boolean;
  release(): void;
}

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

export function createLedger(): Ledger {
  const gauges = new Map<string, { value: number; gauge: Gauge }>();
  const rotations = new Map<string, { readonly weights: string; readonly rotation: Rotation }>();
  let retained: ReadonlySet<string> = new Set();

  function createGauge(name: string): { value: number; gauge: Gauge } {
    const entry = {
      value: 0,
      gauge: {
        get value() {
          return entry.value;
        },
        tryAcquire(limit: number) {
          if (entry.value >= limit) return false;
          entry.value++;
          return true;
        },
        release() {
          entry.value--;
          if (entry.value === 0 && !retained.has(name) && gauges.get(name) === entry) gauges.delete(name);
        },
      },
    };
    return entry;
  }

  return {
    gauge(name) {
      let entry = gauges.get(name);
      if (entry === undefined) gauges.set(name, (entry = createGauge(name)));
      return entry.gauge;
    },
    value: (name) => gauges.get(name)?.value ?? 0,
    rotation(name, weights) {
      const key = weights.join();
      let entry = rotations.get(name);
      if (entry?.weights !== key) rotations.set(name, (entry = { weights: key, rotation: smoothRotation(weights) }));
      return entry.rotation;
    },
    retain(names) {
      retained = names;
      for (const [name, { value }] of gauges) if (value === 0 && !names.has(name)) gauges.delete(name);
      for (const name of rotations.keys()) if (!names.has(name)) rotations.delete(name);
    },
  };
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
