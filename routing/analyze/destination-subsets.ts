import { resolveSubset } from "../resolve/destination.ts";
import { destinationMessage } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredDestinations } from "./rules.ts";

/** IST0101: no DestinationRule declares the subset that a destination names. */
export const destinationSubsets: Analyzer = {
  subject: "the subsets of destinations",
  concerns: () => true,
  needs: [],
  looksUp: ["DestinationRule"],
  *check(objects) {
    for (const { virtualService, destination, path } of declaredDestinations(objects)) {
      const resolved = resolveSubset(objects, destination, virtualService.metadata.namespace);
      if ("kind" in resolved) yield destinationMessage(virtualService, path, destination, resolved);
    }
  },
};
