import * as z from "zod";
import { stackPolicy } from "../kit/index.ts";
import { rules, type Split } from "./tables.ts";

const percent = z.number().min(0).max(100);

export const canaryShare = stackPolicy({
  name: "canary-share",
  description:
    "A subset beside the main one gets a limited share of connections, as a new version is to fail for a few before it fails for all",
  severity: "medium",
  level: "mandatory",
  config: {
    percent: percent.default(50).describe("The most that any subset of a route may get but the one that gets most"),
    subsets: z
      .record(z.string(), percent)
      .default({})
      .describe("The most that a subset of this name may get, even where it gets most"),
  },
  over: rules,
  check(split, { config }) {
    const shares = sharesOf(split);
    const limitOf = ({ subset }: Share, index: number) =>
      (subset === undefined ? undefined : config.subsets[subset]) ?? (index === 0 ? 100 : config.percent);
    const index = shares.findIndex((each, position) => each.share > limitOf(each, position));
    const excess = shares[index];
    if (excess === undefined) return undefined;
    const { subset, host, share } = excess;
    return {
      is: `sending ${Math.round(share * 100) / 100}% of connections to ${subset === undefined ? host : `subset ${subset} of ${host}`}`,
      remedy: `send ${limitOf(excess, index)}% or less there`,
    };
  },
});

interface Share {
  readonly host: string;
  readonly subset: string | undefined;
  /** In percent of connections. */
  readonly share: number;
}

/** What each subset gets, the most first. */
function sharesOf({ route, clusters }: Split): Share[] {
  const total = route.destinations.reduce((sum, { weight }) => sum + weight, 0);
  const parts = route.destinations.flatMap(({ cluster: name, weight }) => {
    const cluster = clusters.get(name);
    return cluster === undefined ? [] : [{ host: cluster.host, subset: cluster.subset, share: (100 * weight) / total }];
  });
  // One subset may be named twice, by several ports.
  return Map.groupBy(parts, ({ host, subset }) => `${host} ${subset ?? ""}`)
    .values()
    .toArray()
    .flatMap(([first, ...others]) =>
      first === undefined ? [] : [{ ...first, share: others.reduce((sum, { share }) => sum + share, first.share) }],
    )
    .sort((a, b) => b.share - a.share);
}
