import type { Row } from "../../../bench/report/row.ts";

/** A row with these values and ratios, and no noise. */
export function rowWith(
  metric: string,
  values: Readonly<Record<string, number>>,
  ratio: Readonly<Record<string, number>> = {},
): Row {
  const alike = (some: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(some).map(([name, value]) => [name, [value, value] as const]));
  const own = values["ours"];
  const rest = {
    ...(own !== undefined && { min: own, max: own }),
    noise: alike(ratio),
    spread: alike(values),
    invalid: {},
  };
  return { metric, unit: "us", better: metric.startsWith("rate") ? "more" : "less", values, ratio, ...rest };
}
