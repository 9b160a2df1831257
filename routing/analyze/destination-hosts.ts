import { resolveHostPort } from "../resolve/destination.ts";
import { destinationMessage } from "../resolve/problem.ts";
import type { Analyzer } from "./analyzer.ts";
import { declaredDestinations } from "./rules.ts";

/** IST0101 and IST0112: a destination's host or port does not exist, or the port is left open among several. */
export const destinationHosts: Analyzer<"VirtualService"> = {
  subject: "the destinations of VirtualServices",
  kind: "VirtualService",
  needs: [["Service", "ServiceEntry"]],
  *check(virtualService, view) {
    for (const { destination, path } of declaredDestinations(virtualService)) {
      const resolved = resolveHostPort(view, destination, virtualService.metadata.namespace);
      if ("kind" in resolved) yield destinationMessage(virtualService, path, destination, resolved);
    }
  },
};
