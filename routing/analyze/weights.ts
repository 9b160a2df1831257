import { effectiveWeights, zeroWeightsMessage } from "../compile/weights.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredRules } from "./rules.ts";

/** TCP0007: all destinations of a route have weight 0. */
export const weights: Analyzer = {
  subject: "weights",
  concerns: () => true,
  needs: [],
  *check(objects) {
    for (const declared of declaredRules(objects)) {
      if (effectiveWeights(declared.rule.route).every((weight) => weight === 0)) yield zeroWeightsMessage(declared);
    }
  },
};
