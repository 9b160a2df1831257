/** Milliseconds that a piece of work took: by the clock, and of its thread's processor time, which says more on a machine that others use as well. */
export interface Duration {
  readonly wall: number;
  readonly cpu: number;
}

/** Milliseconds by the clock of many pieces of work alike. */
export interface Distribution {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Of processor time. */
  readonly cpu: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** Does a piece of work and tells how long it took. */
export function timed<T>(work: () => T): { result: T; duration: Duration } {
  const cpu = process.threadCpuUsage();
  const start = performance.now();
  const result = work();
  const wall = performance.now() - start;
  const { user, system } = process.threadCpuUsage(cpu);
  return { result, duration: { wall, cpu: (user + system) / 1000 } };
}

export function distribution(durations: readonly Duration[]): Distribution {
  return { ...quantiles(durations.map(({ wall }) => wall)), cpu: quantiles(durations.map(({ cpu }) => cpu)) };
}

function quantiles(values: readonly number[]): { p50: number; p99: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Megabytes (10^6) of memory that this process has had in use at most: its resident set, Node itself and what it was given to work on included. */
export function peakMemory(): number {
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}
