export type Range = readonly [least: number, greatest: number];

/** What was measured, of every proxy that it could be measured of. */
export interface Row {
  /** As `cpu_per_message_64`; with two workers it ends in `_2w`. */
  readonly metric: string;
  readonly unit: string;
  /** Whether less of it is better, as of CPU time, or more, as of rates. */
  readonly better: "less" | "more";
  /** Medians over the rounds, by proxy: `ours` is what `--engine auto` gives. */
  readonly values: Readonly<Record<string, number>>;
  /** Ours ÷ a peer's: the median over the rounds, of pairs of the same round. Of a peer that was measured in several configurations its best one counts. */
  readonly ratio: Readonly<Record<string, number>>;
  /** The least and the greatest of our values; absent where there are none. */
  readonly min?: number;
  readonly max?: number;
  /** The least and the greatest of each ratio's pairs. */
  readonly noise: Readonly<Record<string, Range>>;
  /** The least and the greatest value of each proxy. */
  readonly spread: Readonly<Record<string, Range>>;
  /** Proxies that have no value here, and why: a single error in a run makes it worthless. */
  readonly invalid: Readonly<Record<string, string>>;
}

/** Everything that a run tells. */
export interface Results {
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

/** What was measured on, with which programs, and how busy it was with other things. */
export interface Machine {
  readonly date: string;
  /** The commit that was measured; with `+` where files differed from it. Absent outside a checkout. */
  readonly commit?: string | undefined;
  readonly processor: string;
  readonly cpus: number;
  readonly kernel: string;
  readonly node: string;
  /** Of the peers, by their names. */
  readonly versions: Readonly<Record<string, string>>;
  /** Proxies that could not be had or did not start, and why. */
  readonly missing: Readonly<Record<string, string>>;
  /** What `--engine auto` chose. */
  readonly engine?: string | undefined;
  readonly network: string;
  readonly rounds: number;
  /** How long a proxy was loaded in a round. */
  readonly seconds: number;
  /** How many idle connections memory was measured with: 9,500, or what the limit of file descriptors allows. */
  readonly idleConnections: number;
  readonly quick: boolean;
  /** Minutes that all of it took. */
  readonly minutes: number;
  /** Load averages over the last minute, before and after. What is measured makes up two of the latter. */
  readonly load: { readonly before: number; readonly after: number };
  /** Share of the time that the hypervisor gave to others (proc_stat(5), steal); absent where the system does not tell. */
  readonly steal?: number | undefined;
}
