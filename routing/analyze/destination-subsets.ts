import { resolveSubset } from "../resolve/destination.ts";
import { destinationMessage } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredDestinations } from "./rules.ts";

/** IST0101: no DestinationRule declares the subset that a destination names. */
export const destinationSubsets: Analyzer<"VirtualService"> = {
  subject: "the subsets of destinations",
  kind: "VirtualService",
  needs: [],
  looksUp: ["DestinationRule"],
  *check(virtualService, view) {
    for (const { destination, path } of declaredDestinations(virtualService)) {
      const resolved = resolveSubset(view, destination, virtualService.metadata.namespace);
      if ("kind" in resolved) yield destinationMessage(virtualService, path, destination, resolved);
    }
  },
};
