import type { Row } from "./row.ts";
import { median, rangeOf } from "./statistics.ts";

/** What a row is made of: values of each round. */
export interface Measured extends Pick<Row, "metric" | "unit" | "better"> {
  /** By proxy. */
  readonly measured: ReadonlyMap<string, readonly number[]>;
  /** Ours ÷ a peer's, by peer. */
  readonly ratios?: ReadonlyMap<string, readonly number[]>;
  readonly invalid?: ReadonlyMap<string, string>;
  /** How many values become one; the median by default. */
  readonly typical?: (values: readonly number[]) => number;
}

export function makeRow({
  metric,
  unit,
  better,
  measured,
  ratios = new Map(),
  invalid = new Map(),
  typical = median,
}: Measured): Row {
  const own = measured.get("ours") ?? [];
  return {
    metric,
    unit,
    better,
    values: each(measured, typical),
    ratio: each(ratios, median),
    ...(own.length > 0 && { min: Math.min(...own), max: Math.max(...own) }),
    noise: each(ratios, rangeOf),
    spread: each(measured, rangeOf),
    invalid: Object.fromEntries(invalid),
  };
}

function each<T>(
  values: ReadonlyMap<string, readonly number[]>,
  of: (values: readonly number[]) => T,
): Record<string, T> {
  return Object.fromEntries([...values].map(([name, some]) => [name, of(some)]));
}
