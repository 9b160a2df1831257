import { effectiveWeights, zeroWeightsMessage } from "../compile/weights.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredRules } from "./rules.ts";

/** TCP0007: all destinations of a route have weight 0. */
export const weights: Analyzer<"VirtualService"> = {
  subject: "weights",
  kind: "VirtualService",
  needs: [],
  *check(virtualService) {
    for (const declared of declaredRules(virtualService)) {
      if (effectiveWeights(declared.rule.route).every((weight) => weight === 0)) yield zeroWeightsMessage(declared);
    }
  },
};
