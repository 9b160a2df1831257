import type { Locality, TrafficPolicy } from "../../../routing/table.ts";
import type { Rotation } from "../shared/smooth-rotation.ts";
import { weightOf, type Host } from "./host.ts";
import { loadsOf, type Load } from "./loads.ts";
import { createPicker, type Picker } from "./picker.ts";
import { rankHosts, type Tier } from "./tiers.ts";

export interface BalancerOptions {
  readonly hosts: readonly Host[];
  readonly policy: TrafficPolicy;
  /** The gateway's own. */
  readonly locality: Locality;
  /** Of all workers together: the order of some weights, by a name that is unique in the cluster. Asked for at once, where turns are taken. */
  readonly rotation: (name: string, weights: readonly number[]) => Rotation;
  /** Grows with each change of any host's health; {@link Rows.epoch}. */
  readonly epoch: () => number;
  /** `processTime()` */
  readonly now: () => number;
  /** From 0 up to but without 1. */
  readonly random: () => number;
}

/** Picks hosts of one cluster for new connections. */
export interface Balancer {
  /**
   * A host that was not tried yet, is healthy (unless panic holds) and not full.
   *
   * @param client - the client's address
   * @returns undefined: there is none, and {@link exhausted} says whether there is one that is full
   */
  pick(client: string, tried: readonly Host[]): Host | undefined;
  /** Whether all hosts that could serve have as many connections as they may. */
  exhausted(): boolean;
}

export function createBalancer({ hosts, policy, locality, rotation, epoch, now, random }: BalancerOptions): Balancer {
  const tiers = rankHosts(hosts, policy.locality, locality);
  const most = policy.maxConnectionsPerEndpoint ?? Infinity;
  const panicBelow = policy.outlierDetection?.minHealthPercent ?? 0;
  const turns =
    policy.loadBalancer === "ROUND_ROBIN"
      ? tiers.map((tier, index) => rotation(`tier ${index}`, tier.hosts.map(weightOf)))
      : [];
  const pickers = new Map<Tier, Picker>();
  let loads: readonly Load[] = [];
  let seen: number | undefined;

  function currentLoads(): readonly Load[] {
    const current = epoch();
    if (current !== seen) [loads, seen] = [loadsOf(tiers, panicBelow), current];
    return loads;
  }

  function pickerOf(tier: Tier): Picker {
    let picker = pickers.get(tier);
    if (picker === undefined) {
      picker = createPicker(tier.hosts, { policy, turns: turns[tiers.indexOf(tier)], now, random });
      pickers.set(tier, picker);
    }
    return picker;
  }

  const serves = ({ panic }: Load, host: Host): boolean => panic || host.healthy;

  function pickFrom(load: Load, client: string, tried: readonly Host[]): Host | undefined {
    const may = (host: Host): boolean => serves(load, host) && host.gauge.value < most && !tried.includes(host);
    return pickerOf(load.tier).pick(client, may, tried.length > 0);
  }

  return {
    pick(client, tried) {
      const current = currentLoads();
      const [only] = current;
      if (only !== undefined && current.length === 1) return pickFrom(only, client, tried);
      for (const load of inOrder(current, random)) {
        const found = pickFrom(load, client, tried);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    exhausted() {
      const serving = currentLoads().flatMap((load) => load.tier.hosts.filter((host) => serves(load, host)));
      return serving.length > 0 && serving.every(({ gauge }) => gauge.value >= most);
    },
  };
}

/** One tier by the shares, and behind it the others in their order, for when it has nobody left. */
function* inOrder(loads: readonly Load[], random: () => number): Generator<Load> {
  let drawn = loads[0];
  if (loads.length > 1) {
    let at = random();
    for (const load of loads) {
      drawn = load;
      if ((at -= load.share) < 0) break;
    }
  }
  if (drawn !== undefined) yield drawn;
  for (const load of loads) if (load !== drawn) yield load;
}
