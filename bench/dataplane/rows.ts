import type { Row } from "../report/row.ts";
import { makeRow } from "../report/make-row.ts";
import { median } from "../report/statistics.ts";
import type { Figure } from "./loads.ts";
import type { Proxy } from "./proxies/proxy.ts";
import type { Rounds } from "./rounds.ts";

const peers = ["haproxy", "nginx", "envoy"] as const;

/** What rounds of a load come to in one figure. Configurations of a peer that log are shown, but ratios are to those that do not. */
export function rowOf(
  figure: Figure,
  { results, invalid }: Rounds,
  proxies: Readonly<Record<string, Proxy>>,
  suffix = "",
): Row {
  const { metric, unit, better } = figure;
  const measured = new Map(
    [...results].map(([name, rounds]) => [name, rounds.map((result) => figure.of(result))] as const),
  );
  // A figure that has no meaning for somebody, such as the proxy's time without a proxy, is no number.
  for (const [name, values] of measured) if (!values.every(Number.isFinite)) measured.delete(name);
  const own = measured.get("ours") ?? [];
  const ratios = new Map<string, readonly number[]>();
  for (const peer of peers) {
    const best = bestOf(
      [...measured].filter(([name]) => proxies[name]?.family === peer && !name.endsWith("_log")),
      better,
    );
    if (best !== undefined && own.length > 0)
      ratios.set(
        peer,
        own.map((value, round) => value / (best[round] ?? NaN)),
      );
  }
  return makeRow({ metric: metric + suffix, unit, better, measured, ratios, invalid });
}

function bestOf(
  candidates: readonly (readonly [name: string, values: readonly number[]])[],
  better: Figure["better"],
): readonly number[] | undefined {
  const sign = better === "less" ? 1 : -1;
  return candidates.toSorted(([, a], [, b]) => sign * (median(a) - median(b)))[0]?.[1];
}
