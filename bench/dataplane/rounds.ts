import type { Fleet, Measure } from "./fleet.ts";
import type { LoadResult } from "./load.ts";
import type { Load } from "./loads.ts";

/** What each proxy did in each round; a proxy with an error is not among them. */
export interface Rounds {
  /** Results by proxy, one for each round. */
  readonly results: ReadonlyMap<string, readonly LoadResult[]>;
  /** Proxies whose results are worth nothing, and the first error of each. */
  readonly invalid: ReadonlyMap<string, string>;
}

export interface RoundsOptions extends Measure {
  readonly rounds: number;
  /** Whether there is a round before the first that does not count. */
  readonly warmUp: boolean;
  /** Called before each run; round 0 is the one that does not count. */
  readonly onRun?: (proxy: string, round: number) => void;
}

/**
 * Puts a load on every proxy of a fleet that can bear it: in rounds, each of which takes them in an order of its own, so that no
 * proxy always comes after the same other one and all see the same of what else the machine does.
 */
export async function inRounds(
  fleet: Fleet,
  load: Load,
  { rounds, warmUp, onRun, ...measure }: RoundsOptions,
): Promise<Rounds> {
  const results = new Map<string, LoadResult[]>();
  const invalid = new Map<string, string>();
  for (const name of fleet.bearers(load)) results.set(name, []);
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
    const counts = round > 0;
    const seconds = counts ? measure.seconds : Math.min(1, measure.seconds);
    for (const name of shuffled([...results.keys()])) {
      onRun?.(name, round);
      try {
        const result = await fleet.load(name, load, { ...measure, seconds });
        if (result.errors > 0) throw new Error(`${result.errors} errors; the first: ${String(result.error)}`);
        if (result.units === 0) throw new Error("Nothing came through");
        if (counts) results.get(name)?.push(result);
      } catch (error) {
        if ((error as Error).name === "AbortError") throw error;
        results.delete(name);
        invalid.set(name, error instanceof Error ? error.message : String(error));
      }
    }
  }
  return { results, invalid };
}

/** Fisher and Yates' shuffle. */
function shuffled<T>(values: readonly T[]): T[] {
  const left = [...values];
  return values.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0] as T);
}
