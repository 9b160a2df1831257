import { messageOf } from "../catalogue.ts";
import { effectiveWeights } from "../compile/weights.ts";
import { about } from "../resolve/about.ts";
import { isRefused } from "../resolve/refused.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredRules } from "./rules.ts";

/** TCP0012: a destination that never gets anything, as its weight is 0 or missing beside others. */
export const unusedDestinations: Analyzer<"VirtualService"> = {
  subject: "destinations that never get anything",
  kind: "VirtualService",
  needs: [],
  *check(virtualService) {
    for (const { rule, path } of declaredRules(virtualService)) {
      const weights = effectiveWeights(rule.route);
      if (weights.every((weight) => weight === 0)) continue;
      for (const [index, { destination, weight }] of rule.route.entries()) {
        if (weights[index] !== 0 || isRefused(virtualService, destination.host)) continue;
        const name = destination.subset === undefined ? destination.host : `${destination.host}+${destination.subset}`;
        // A 0 that is written down is meant; a weight that is missing may be forgotten.
        yield weight === undefined
          ? messageOf(
              "TCP0012",
              { ...about(virtualService, [...path, "route", index]), level: "Warning" },
              `${name} gets no connection as it has no weight and other destinations have one. Give it a weight`,
            )
          : messageOf(
              "TCP0012",
              about(virtualService, [...path, "route", index, "weight"]),
              `${name} gets no connection as its weight is 0`,
            );
      }
    }
  },
};
